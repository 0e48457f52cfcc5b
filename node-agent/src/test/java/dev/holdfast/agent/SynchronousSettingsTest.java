package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.agent.AgentReport.Sender;
import dev.holdfast.api.agent.OrderAction;
import dev.holdfast.api.agent.OrderAnswer;
import dev.holdfast.api.agent.OrderOutcome;
import dev.holdfast.model.replication.Synchronous;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SynchronousSettingsTest {

    @TempDir
    private Path folder;

    @Test
    void settingsAreInForceOnlyOnceEveryWalSenderHasTakenThemUp() throws Exception {
        Path programs = PostgresForAgents.programs();
        try (AgentUnderTest a = new AgentUnderTest("db-1", folder, programs)
                        .with("holdfast.agent.postgres.call-timeout", "1s")
                        .start();
                AgentUnderTest b = new AgentUnderTest("db-2", folder, programs).start();
                AgentUnderTest c = new AgentUnderTest("db-3", folder, programs).start()) {
            a.obey(1, 1, new OrderAction.Create());
            b.obey(1, 1, a.followed());
            c.obey(1, 1, a.followed());
            assertThat(a.report().sender().orElseThrow().inForce()).isEqualTo(Synchronous.NONE);

            assertThat(told(a, 2, new Synchronous(1, Set.of(b.node)))).isEqualTo("ANY 1 (\"db-2\")");
            assertThat(told(a, 3, new Synchronous(1, Set.of(b.node, c.node)))).isEqualTo("ANY 1 (\"db-2\", \"db-3\")");
            assertThat(told(a, 4, new Synchronous(2, Set.of(b.node, c.node)))).isEqualTo("ANY 2 (\"db-2\", \"db-3\")");
            assertThat(told(a, 5, new Synchronous(1, Set.of(c.node)))).isEqualTo("ANY 1 (\"db-3\")");
            assertThat(told(a, 6, Synchronous.NONE)).isEmpty();
            assertThat(told(a, 7, new Synchronous(1, Set.of(c.node)))).isEqualTo("ANY 1 (\"db-3\")");

            String sender = a.sql("SELECT pid FROM pg_stat_replication WHERE application_name = 'db-3'");
            signal("STOP", sender);
            OrderAction toB = new OrderAction.Synchronise(new Synchronous(1, Set.of(b.node)));
            OrderAnswer stuck = a.api().order(a.order(1, 8, toB));
            assertThat(stuck.outcome()).isEqualTo(OrderOutcome.FAILED);
            assertThat(stuck.detail()).contains("WAL sender");
            assertThat(a.report().sender()).isEmpty();

            signal("CONT", sender);
            assertThat(told(a, 9, new Synchronous(1, Set.of(b.node)))).isEqualTo("ANY 1 (\"db-2\")");
            assertThat(a.obey(1, 10, toB).detail()).isEqualTo("holds already");

            b.obey(1, 2, new OrderAction.Fence(OrderAction.FenceMode.FAST));
            OrderAnswer unacknowledged = a.api().order(a.order(1, 11, new OrderAction.Verify()));
            assertThat(unacknowledged.outcome()).isEqualTo(OrderOutcome.FAILED);
            assertThat(unacknowledged.detail()).contains("isn't acknowledged");
            assertThat(a.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"))
                    .isEqualTo("0");
        }
    }

    /** What PostgreSQL has when the order is done. */
    private static String told(AgentUnderTest primary, long step, Synchronous synchronous) throws Exception {
        OrderAnswer answer = primary.obey(1, step, new OrderAction.Synchronise(synchronous));
        Sender sender = answer.report().orElseThrow().sender().orElseThrow();
        assertThat(sender.inForce()).isEqualTo(synchronous);
        primary.sql("SELECT pg_logical_emit_message(true, 'test', '')");
        return primary.sql("SHOW synchronous_standby_names");
    }

    private static void signal(String signal, String pid) throws IOException {
        new ProcessBuilder("kill", "-" + signal, pid).start().onExit().join();
    }
}
