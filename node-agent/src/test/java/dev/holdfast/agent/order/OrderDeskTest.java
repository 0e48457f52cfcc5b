package dev.holdfast.agent.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.agent.AgentOrder;
import dev.holdfast.api.agent.OrderAction;
import dev.holdfast.api.agent.OrderAction.FenceMode;
import dev.holdfast.api.agent.OrderAnswer;
import dev.holdfast.api.agent.OrderOutcome;
import dev.holdfast.api.agent.PostgresRole;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderDeskTest {

    private static final OrderAction FENCE = new OrderAction.Fence(FenceMode.FAST);

    @TempDir
    private Path folder;

    private final List<String> did = new CopyOnWriteArrayList<>();

    private final CountDownLatch hung = new CountDownLatch(1);

    private volatile boolean holds;

    /** Notes what it is asked; a resume hangs until it is called off. */
    private final OrderWork work = new OrderWork() {
        @Override
        public boolean holds(AgentOrder order, AgentRecord record) {
            return holds;
        }

        @Override
        public Result carryOut(AgentOrder order, AgentRecord record) throws InterruptedException {
            did.add(order.action().getClass().getSimpleName());
            if (order.action() instanceof OrderAction.Resume) {
                hung.countDown();
                new CountDownLatch(1).await();
            }
            return new Result("done", Optional.empty(), Optional.empty());
        }

        @Override
        public void fence() {
            did.add("self");
        }
    };

    @Test
    void doesNothingThatItCantRemember() throws Exception {
        OrderDesk desk = desk(Duration.ofSeconds(10));
        Files.createDirectories(folder.resolve("agent-record.json.new/in-the-way"));

        assertThatThrownBy(() -> desk.submit(OrderRulesTest.order(1, 1, FENCE)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ProblemCode.ORDER_NOT_PERSISTED));

        assertThat(did).isEmpty();
        assertThat(desk.record().accepted()).isEqualTo(new OrderNumber(0, 0));
        assertThat(desk.isIdle()).isTrue();
    }

    @Test
    void fencesItselfEvenIfItCantRememberIt() throws Exception {
        OrderDesk desk = desk(Duration.ofSeconds(10));
        Files.createDirectories(folder.resolve("agent-record.json.new/in-the-way"));

        desk.fenceSelf("nobody answers");

        Awaitility.await().until(() -> did.equals(List.of("self")));
        assertThat(desk.record().fenced()).isPresent();
    }

    @Test
    void answersARepeatedOrderFromALookAlsoAfterARestart() throws Exception {
        AgentOrder order = OrderRulesTest.order(3, 1, new OrderAction.Create());
        OrderAnswer first = desk(Duration.ofSeconds(10)).submit(order);
        AgentRecord before = desk(Duration.ofSeconds(10)).record();

        OrderDesk restarted = desk(Duration.ofSeconds(10));
        restarted.resumeAfterRestart();
        holds = true;

        assertThat(restarted.submit(order).outcome()).isEqualTo(first.outcome());
        assertThat(did).containsExactly("Create");
        assertThat(restarted.record()).isEqualTo(before);
        assertThat(restarted.record().assignment().orElseThrow().role()).isEqualTo(PostgresRole.PRIMARY);
    }

    @Test
    void doesARepeatedOrderAgainWhenItNoLongerHolds() throws Exception {
        OrderDesk desk = desk(Duration.ofSeconds(10));
        desk.submit(OrderRulesTest.order(3, 1, FENCE));
        desk.submit(OrderRulesTest.order(3, 1, FENCE));

        assertThat(did).containsExactly("Fence", "Fence");
    }

    @Test
    void remembersTheHigherNumberOfWhatHoldsAlreadyAndDisturbsNothing() throws Exception {
        OrderDesk desk = desk(Duration.ofSeconds(10));
        holds = true;

        OrderAnswer answer = desk.submit(OrderRulesTest.order(3, 8, FENCE));

        assertThat(answer.outcome()).isEqualTo(OrderOutcome.DONE);
        assertThat(answer.number()).isEqualTo(new OrderNumber(3, 8));
        assertThat(did).isEmpty();
        assertThat(desk(Duration.ofSeconds(10)).record().accepted()).isEqualTo(new OrderNumber(3, 8));
    }

    @Test
    void anOrderThatWasJoinedUnderAHigherStepIsRememberedAsDoneUnderThat() throws Exception {
        OrderDesk desk = desk(Duration.ofMillis(1));
        desk.submit(OrderRulesTest.order(1, 1, new OrderAction.Resume()));
        hung.await();

        OrderAnswer joined = desk.submit(OrderRulesTest.order(1, 2, new OrderAction.Resume()));

        assertThat(joined.number()).isEqualTo(new OrderNumber(1, 2));
        assertThat(joined.outcome()).isEqualTo(OrderOutcome.IN_PROGRESS);
        assertThat(did).containsExactly("Resume");
        desk.submit(OrderRulesTest.order(1, 3, FENCE));
        Awaitility.await().until(desk::isIdle);
        assertThat(desk.record().accepted()).isEqualTo(new OrderNumber(1, 3));
    }

    @Test
    void aFenceCallsOffWhatIsBeingDone() throws Exception {
        OrderDesk desk = desk(Duration.ofMillis(1));
        AgentOrder resume = OrderRulesTest.order(1, 1, new OrderAction.Resume());
        assertThat(desk.submit(resume).outcome()).isEqualTo(OrderOutcome.IN_PROGRESS);
        hung.await();

        desk.submit(OrderRulesTest.order(1, 1, FENCE));
        Awaitility.await().until(desk::isIdle);

        assertThat(did).containsExactly("Resume", "Fence");
        assertThat(desk.record().fenced()).isPresent();
    }

    @Test
    void afterARestartGoesOnOnlyWithWhatMakesNoPrimary() throws Exception {
        OrderDesk killed = desk(Duration.ofMillis(1));
        killed.submit(OrderRulesTest.order(1, 1, new OrderAction.Resume()));
        hung.await();
        did.clear();

        OrderDesk restarted = desk(Duration.ofSeconds(10));
        restarted.resumeAfterRestart();

        assertThat(did).isEmpty();
        assertThat(restarted.record().last().orElseThrow().answer().outcome()).isEqualTo(OrderOutcome.FAILED);
    }

    @Test
    void refusesTheRecordOfAnotherNode() throws Exception {
        desk(Duration.ofSeconds(10)).submit(OrderRulesTest.order(1, 1, FENCE));

        assertThatThrownBy(() -> new RecordFile(folder, new ClusterId("orders"), new NodeId("db-2")).load())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("db-1");
    }

    private OrderDesk desk(Duration wait) throws IOException {
        return new OrderDesk(
                new RecordFile(folder, new ClusterId("orders"), new NodeId("db-1")),
                work,
                wait,
                Thread.ofVirtual().factory());
    }
}
