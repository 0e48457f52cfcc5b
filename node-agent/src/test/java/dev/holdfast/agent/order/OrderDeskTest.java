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
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    /** Notes what it is asked; a resume hangs until it is called off. */
    private final OrderWork work = new OrderWork() {
        @Override
        public OrderAnswer carryOut(AgentOrder order, AgentRecord record) throws InterruptedException {
            did.add(order.id().value());
            if (order.action() instanceof OrderAction.Resume) {
                hung.countDown();
                new CountDownLatch(1).await();
            }
            return OrderAnswer.of(order, OrderOutcome.DONE, "done");
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

        assertThatThrownBy(() -> desk.submit(OrderRulesTest.order(1, "a", FENCE)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(ProblemCode.EPOCH_NOT_PERSISTED));

        assertThat(did).isEmpty();
        assertThat(desk.record().epoch().value()).isZero();
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
    void doesARepeatedOrderOnceAlsoAfterARestart() throws Exception {
        AgentOrder order = OrderRulesTest.order(3, "create", new OrderAction.Create());
        OrderAnswer first = desk(Duration.ofSeconds(10)).submit(order);

        OrderDesk restarted = desk(Duration.ofSeconds(10));
        restarted.resumeAfterRestart();

        assertThat(restarted.submit(order)).isEqualTo(first);
        assertThat(did).containsExactly("create");
        assertThat(restarted.record().assignment().orElseThrow().role()).isEqualTo(PostgresRole.PRIMARY);
    }

    @Test
    void aFenceCallsOffWhatIsBeingDone() throws Exception {
        OrderDesk desk = desk(Duration.ofMillis(1));
        AgentOrder resume = OrderRulesTest.order(1, "resume", new OrderAction.Resume());
        assertThat(desk.submit(resume).outcome()).isEqualTo(OrderOutcome.IN_PROGRESS);
        hung.await();

        desk.submit(OrderRulesTest.order(1, "fence", FENCE));
        Awaitility.await().until(desk::isIdle);

        assertThat(did).containsExactly("resume", "fence");
        assertThat(desk.submit(resume).outcome()).isEqualTo(OrderOutcome.SUPERSEDED);
    }

    @Test
    void afterARestartGoesOnOnlyWithWhatMakesNoPrimary() throws Exception {
        OrderDesk killed = desk(Duration.ofMillis(1));
        killed.submit(OrderRulesTest.order(1, "resume", new OrderAction.Resume()));
        hung.await();
        did.clear();

        OrderDesk restarted = desk(Duration.ofSeconds(10));
        restarted.resumeAfterRestart();

        assertThat(did).isEmpty();
        assertThat(restarted.record().last().orElseThrow().answer().outcome()).isEqualTo(OrderOutcome.FAILED);
    }

    @Test
    void refusesTheRecordOfAnotherNode() throws Exception {
        desk(Duration.ofSeconds(10)).submit(OrderRulesTest.order(1, "a", FENCE));

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
