package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.order.KilledMidway;
import dev.holdfast.api.agent.AgentReport;
import dev.holdfast.api.agent.OrderAction;
import dev.holdfast.api.agent.OrderAnswer;
import dev.holdfast.api.agent.OrderOutcome;
import dev.holdfast.api.agent.PostgresRole;
import dev.holdfast.model.replication.Synchronous;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that is killed between accepting an order and its effect, or between the effect and remembering it. */
class AgentKilledMidwayTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void theRepeatedOrderCompletesWhateverWasDoneBefore() throws Exception {
        Path programs = PostgresForAgents.programs();
        try (AgentUnderTest a = new AgentUnderTest("db-1", folder, programs).start();
                AgentUnderTest b = new AgentUnderTest("db-2", folder, programs).start()) {
            Synchronous byB = new Synchronous(1, Set.of(b.node));
            a.obey(1, 1, new OrderAction.Create());
            b.obey(1, 1, a.followed());
            a.obey(1, 2, new OrderAction.Synchronise(byB));
            a.sql("CREATE TABLE ledger (id int PRIMARY KEY)");

            killed(b, 2, 3, new OrderAction.Detach());
            AgentReport detached = report(b.obey(2, 3, new OrderAction.Detach()));
            assertThat(detached.detached()).isTrue();
            assertThat(detached.upstream()).isEmpty();

            OrderAction promote = new OrderAction.Promote(new Synchronous(1, Set.of(a.node)));
            killed(b, 2, 4, promote);
            AgentReport restarted = b.report();
            assertThat(restarted.role()).contains(PostgresRole.STANDBY);
            assertThat(restarted.detached()).isFalse(); // It was told to become something else.
            assertThat(restarted.lastOrder().orElseThrow().outcome()).isEqualTo(OrderOutcome.FAILED);

            b.stopAgent();
            b.sql("SELECT pg_promote()");
            b.start();
            AgentReport promoted = report(b.obey(2, 5, promote));
            assertThat(promoted.role()).contains(PostgresRole.PRIMARY);
            assertThat(promoted.sender().orElseThrow().inForce()).isEqualTo(new Synchronous(1, Set.of(a.node)));

            killed(a, 2, 6, b.followed());
            AgentReport followed = report(a.obey(2, 7, b.followed()));
            assertThat(followed.role()).contains(PostgresRole.STANDBY);
            assertThat(followed.upstream()).contains(b.node);
            b.sql("INSERT INTO ledger VALUES (1)");
        }
    }

    @Test
    void aPromotionThatMayStillComeAboutIsTakenBackAndADetachmentOutlivesTheServer() throws Exception {
        Path programs = PostgresForAgents.programs();
        try (AgentUnderTest a = new AgentUnderTest("db-1", folder, programs).start();
                AgentUnderTest b = new AgentUnderTest("db-2", folder, programs).start()) {
            a.obey(1, 1, new OrderAction.Create());
            b.obey(1, 1, a.followed());
            b.obey(2, 2, new OrderAction.Detach());
            killed(b, 2, 3, new OrderAction.Promote(Synchronous.NONE));
            long postmaster = b.postmaster();

            AgentReport detached = report(b.obey(3, 3, new OrderAction.Detach()));

            assertThat(detached.detached()).isTrue();
            assertThat(b.postmaster()).isNotEqualTo(postmaster);
            assertThat(b.obey(4, 4, new OrderAction.Detach()).detail()).isEqualTo("holds already");

            long killed = b.postmaster();
            b.signal("KILL");
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> runsAnew(b, killed) && b.report().detached());
            assertThat(b.report().position()).isEqualTo(detached.position());
            assertThat(b.report().upstream()).isEmpty();
        }
    }

    private static boolean runsAnew(AgentUnderTest agent, long before) throws IOException {
        return Files.exists(agent.data().resolve("postmaster.pid")) && agent.postmaster() != before;
    }

    private static void killed(AgentUnderTest agent, long epoch, long step, OrderAction action) throws Exception {
        agent.stopAgent();
        KilledMidway.accept(agent.folder.resolve("agent"), agent.order(epoch, step, action));
        agent.start();
    }

    private static AgentReport report(OrderAnswer answer) {
        return answer.report().orElseThrow();
    }
}
