package dev.holdfast.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.agent.order.KilledMidway;
import dev.holdfast.api.agent.AgentReport;
import dev.holdfast.api.agent.OrderAction;
import dev.holdfast.api.agent.OrderAnswer;
import dev.holdfast.api.agent.PostgresRole;
import dev.holdfast.api.agent.PostgresState;
import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.replication.Synchronous;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.client.HttpClientErrorException;

/** A whole failover by orders, on real servers: without {@code pg_basebackup} and {@code pg_rewind}, and with them. */
class FailoverOnPostgresTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    static List<Path> programs() throws Exception {
        Path installed = Path.of("/usr/lib/postgresql/15/bin");
        return Files.isExecutable(installed.resolve("pg_rewind"))
                ? List.of(PostgresForAgents.programs(), installed)
                : List.of(PostgresForAgents.programs());
    }

    @ParameterizedTest
    @MethodSource("programs")
    void noAcknowledgedWriteIsLostAndTheOldPrimaryFollows(Path programs) throws Exception {
        try (AgentUnderTest a = new AgentUnderTest("db-1", folder, programs).start();
                AgentUnderTest b = new AgentUnderTest("db-2", folder, programs).start()) {
            a.obey(1, 1, new OrderAction.Create());
            a.sql("CREATE TABLE orders (id int PRIMARY KEY)");
            b.obey(1, 1, a.followed());
            Synchronous synchronous = new Synchronous(1, Set.of(b.node));
            a.obey(1, 2, new OrderAction.Synchronise(synchronous));
            a.sql("INSERT INTO orders VALUES (1)");
            a.awaitProbe("/primary", 200);
            b.awaitProbe("/replica?lag=10MB", 200);
            b.awaitProbe("/sync", 200);
            assertThat(b.probe("/async")).isEqualTo(503);
            assertThat(b.probe("/primary")).isEqualTo(503);
            assertThat(a.probe("/replica")).isEqualTo(503);
            assertThat(a.send("OPTIONS", "/primary").statusCode()).isEqualTo(200);
            assertThat(a.send("HEAD", "/read-only").statusCode()).isEqualTo(200);
            assertThat(a.probe("/primary?lag=much")).isEqualTo(400);

            AgentReport before = a.report();
            assertThat(before.sender().orElseThrow().inForce()).isEqualTo(synchronous);
            assertThat(before.sender().get().flushed()).containsKey(b.node);
            assertThat(before.forkedAt()).contains(Lsn.ZERO);
            assertThat(b.report().upstream()).contains(a.node);
            assertThat(b.report().clonedBy()).contains(new OrderNumber(1, 1));
            assertThat(a.obey(1, 3, new OrderAction.Verify()).detail()).contains("acknowledged");
            assertThat(a.sql("SELECT epoch || ' ' || step FROM holdfast.ledger"))
                    .isEqualTo("1 3");

            AgentReport detached = report(b.obey(2, 3, new OrderAction.Detach()));
            assertThat(detached.detached()).isTrue();
            assertThat(detached.upstream()).isEmpty();
            Future<?> commit = CompletableFuture.runAsync(
                    () -> insert(a, 2), task -> Thread.ofPlatform().start(task));
            Awaitility.await().atMost(PATIENCE).until(() -> waitsForStandby(a));

            AgentReport promoted = report(b.obey(2, 4, new OrderAction.Promote(Synchronous.NONE)));
            assertThat(promoted.role()).contains(PostgresRole.PRIMARY);
            assertThat(promoted.detached()).isFalse();
            assertThat(promoted.position().orElseThrow().timeline())
                    .isEqualTo(detached.position().orElseThrow().timeline() + 1);
            assertThat(promoted.forkedAt().orElseThrow())
                    .isGreaterThanOrEqualTo(detached.position().get().flushed());
            assertThat(b.obey(2, 5, new OrderAction.Promote(Synchronous.NONE)).detail())
                    .isEqualTo("holds already");
            b.sql("INSERT INTO orders VALUES (3)");
            assertThat(commit).isNotDone();

            OrderAnswer followed = a.obey(2, 5, b.followed());
            assertThatThrownBy(commit::get).isInstanceOf(ExecutionException.class);
            assertThat(followed.keptDirectory())
                    .hasValueSatisfying(
                            kept -> assertThat(Path.of(kept, "PG_VERSION")).exists());
            boolean rewinds = Files.exists(programs.resolve("pg_rewind"));
            assertThat(followed.detail()).startsWith(rewinds ? "rewound" : "cloned");
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> a.sql("SELECT string_agg(id::text, ',' ORDER BY id) FROM orders")
                            .equals("1,3"));
            a.awaitProbe("/replica", 200);
            b.awaitProbe("/primary", 200);

            assertThatThrownBy(() -> a.api().order(a.order(1, 9, new OrderAction.Resume())))
                    .isInstanceOfSatisfying(
                            HttpClientErrorException.Conflict.class,
                            refusal -> assertThat(refusal.getResponseBodyAsString())
                                    .contains("\"stale-order\"", "step 9 of epoch 1", "step 5 of epoch 2"));
        }
    }

    @Test
    void aKilledPrimaryIsNoticedStaysDownAndLetsClientsInOnceItsStandbyHasEverything() throws Exception {
        Path programs = PostgresForAgents.programs();
        try (AgentUnderTest a = new AgentUnderTest("db-1", folder, programs)
                        .with("holdfast.agent.postgres.stream-timeout", "5s")
                        .start();
                AgentUnderTest b = new AgentUnderTest("db-2", folder, programs).start()) {
            a.obey(1, 1, new OrderAction.Create());
            b.obey(1, 1, a.followed());
            a.obey(1, 2, new OrderAction.Synchronise(new Synchronous(1, Set.of(b.node))));
            a.signal("KILL");
            Awaitility.await().atMost(PATIENCE).until(() -> a.report().state() == PostgresState.CRASHED);
            assertThat(a.report().position()).isEmpty();
            assertThat(a.report().role()).contains(PostgresRole.PRIMARY);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> Files.exists(a.data().resolve("standby.signal")));
            assertThat(a.probe("/primary")).isEqualTo(503);

            a.obey(1, 3, new OrderAction.Resume());
            a.awaitProbe("/primary", 200);
            assertThat(a.sql("SELECT pg_is_in_recovery()")).isEqualTo("f");
            assertThat(a.data().resolve("standby.signal")).doesNotExist();

            b.signal("KILL");
            Awaitility.await().atMost(PATIENCE).until(() -> b.probe("/replica") == 503);
            b.awaitProbe("/replica", 200); // A standby is started again without an order.

            AgentReport stopped = report(a.obey(1, 4, new OrderAction.Fence(OrderAction.FenceMode.FAST)));
            assertThat(stopped.state()).isEqualTo(PostgresState.FENCED);
            assertThat(stopped.stoppedCleanly()).isTrue();
            assertThat(stopped.position()).isEqualTo(b.report().position()); // It had everything, to the byte.
            a.obey(1, 5, new OrderAction.Resume());
            a.awaitProbe("/primary", 200);

            b.obey(1, 6, new OrderAction.Fence(OrderAction.FenceMode.FAST));
            assertThat(b.report().state()).isEqualTo(PostgresState.FENCED);
            assertThat(b.report().stoppedCleanly()).isFalse();
            assertThat(b.obey(1, 7, new OrderAction.Fence(OrderAction.FenceMode.FAST))
                            .detail())
                    .isEqualTo("holds already");
            a.obey(1, 6, new OrderAction.Fence(OrderAction.FenceMode.IMMEDIATE));
            assertThat(a.data().resolve("postmaster.pid")).doesNotExist();
            OrderAnswer waits = a.api().order(a.order(1, 7, new OrderAction.Resume()));
            b.obey(1, 8, new OrderAction.Resume());
            assertThat(waits.detail()).contains("kept out");
            a.awaitProbe("/primary", 200);
        }
    }

    @Test
    void theEndOfAServerIsReportedAtOnceAndNotAtTheNextLook() throws Exception {
        try (AgentUnderTest a = new AgentUnderTest("db-1", folder, PostgresForAgents.programs())
                .with("holdfast.agent.interval", "10s")
                .start()) {
            a.obey(1, 1, new OrderAction.Create());
            a.signal("KILL");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> a.report().state() == PostgresState.CRASHED);
        }
    }

    @Test
    void aPrimaryThatHearsNeitherItsStandbysNorTheControlPlaneEndsItsSessionsAndStops() throws Exception {
        Path programs = PostgresForAgents.programs();
        try (AgentUnderTest a = new AgentUnderTest("db-1", folder, programs)
                        .with("holdfast.agent.isolation-timeout", "3s")
                        .start();
                AgentUnderTest b = new AgentUnderTest("db-2", folder, programs).start()) {
            a.obey(1, 1, new OrderAction.Create());
            b.obey(1, 1, a.followed());
            a.obey(1, 2, new OrderAction.Synchronise(new Synchronous(1, Set.of(b.node))));
            try (Connection before = a.connect();
                    Statement statement = before.createStatement()) {
                b.obey(1, 4, new OrderAction.Fence(OrderAction.FenceMode.FAST));
                a.awaitProbe("/health", 503); // Asking its state would be hearing the control plane.
                assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
            }
            Awaitility.await().atMost(PATIENCE).until(() -> a.report().state() == PostgresState.FENCED);
            assertThat(a.report().stateDetail())
                    .hasValueSatisfying(why -> assertThat(why).contains("heard"));
        }
    }

    @Test
    void anAgentThatWasKilledGoesOnWithWhatMakesNoPrimary() throws Exception {
        Path programs = PostgresForAgents.programs();
        try (AgentUnderTest a = new AgentUnderTest("db-1", folder, programs).start()) {
            a.obey(1, 1, new OrderAction.Create());
            long postmaster = a.postmaster();
            a.stopAgent();
            a.start();
            a.awaitProbe("/primary", 200);
            assertThat(a.postmaster()).isEqualTo(postmaster);
            a.stopAgent();

            KilledMidway.accept(
                    a.folder.resolve("agent"), a.order(2, 3, new OrderAction.Fence(OrderAction.FenceMode.FAST)));
            a.start();
            Awaitility.await().atMost(PATIENCE).until(() -> a.report().state() == PostgresState.FENCED);
            assertThat(a.data().resolve("standby.signal")).exists();
            a.stopAgent();
            a.start();
            AgentReport report = a.report();
            assertThat(report.accepted()).isEqualTo(new OrderNumber(2, 3));
            Awaitility.await()
                    .during(Duration.ofSeconds(1))
                    .atMost(PATIENCE)
                    .until(() -> a.report().state() == PostgresState.FENCED);
        }
    }

    private static AgentReport report(OrderAnswer answer) {
        return answer.report().orElseThrow();
    }

    private static void insert(AgentUnderTest agent, int id) {
        try {
            agent.sql("INSERT INTO orders VALUES (" + id + ")");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean waitsForStandby(AgentUnderTest agent) throws SQLException {
        try (Connection connection = agent.connect();
                Statement statement = connection.createStatement()) {
            return statement
                    .executeQuery("SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
                    .next();
        }
    }
}
