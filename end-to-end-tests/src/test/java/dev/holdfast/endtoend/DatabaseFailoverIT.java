package dev.holdfast.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The PostgreSQL cluster under faults, with writers through the gateway and sessions from before the fault. */
@Tag("database")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatabaseFailoverIT {

    private static final String PRIMARY = "/api/v1/clusters/db/primary";

    private static final Set<String> NODES = Set.of("db-1", "db-2", "db-3");

    private static final int WRITERS = 4;

    private static final Duration WHOLE_LIMIT = Duration.ofMinutes(2);

    private RunningQuickstart quickstart;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        quickstart = RunningQuickstart.start(folder.resolve("data"), RunningQuickstart.freePorts());
    }

    @AfterAll
    void stop() {
        quickstart.close();
    }

    private interface Fault {
        void strike(DatabaseNode primary) throws Exception;
    }

    @Test
    void aPrimaryThatLosesItsPowerIsReplacedAndNothingAcknowledgedIsLost() throws Exception {
        JsonNode report = strike("crash", DatabaseNode::crash);

        assertThat(report.path("loss").asString()).isEqualTo("no acknowledged write");
    }

    @Test
    void aPrimaryWhosePostmasterIsKilledIsReplaced() throws Exception {
        strike("postmaster", DatabaseNode::killPostmaster);
    }

    @Test
    void aFrozenPrimaryIsReplacedAndHarmlessWhenItThaws() throws Exception {
        strike("freeze", primary -> {
            primary.freeze();
            TimeUnit.SECONDS.sleep(10);
            primary.thaw();
        });
    }

    @Test
    void aSwitchoverLosesNothing() throws Exception {
        strike("switchover", primary -> quickstart.control().post("/api/v1/clusters/db/switchover"));
    }

    /** Writes, strikes the primary, waits until another one is primary and all three are whole, and looks for every row. */
    private JsonNode strike(String name, Fault fault) throws Exception {
        ControlApi control = quickstart.control();
        awaitWhole(control);
        JsonNode before = control.get(PRIMARY);
        String former = before.path("primary").asString();
        LedgerTraffic.Result result;
        try (LedgerTraffic traffic = new LedgerTraffic(quickstart.database())) {
            traffic.start(WRITERS);
            TimeUnit.SECONDS.sleep(2);
            fault.strike(quickstart.databaseNode(former));
            await("another node is primary")
                    .atMost(WHOLE_LIMIT)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() ->
                            !control.get(PRIMARY).path("primary").asString().equals(former));
            awaitWhole(control);
            TimeUnit.SECONDS.sleep(1);
            result = traffic.finish();
        }
        System.out.println(name + ": " + result);
        assertThat(result.lost()).isEmpty();
        assertThat(result.splitBrain()).isEmpty();
        JsonNode report = control.get("/api/v1/failovers?cluster=db&limit=1")
                .path("items")
                .path(0);
        System.out.println(name + ": " + report);
        assertThat(report.path("state").asString()).isEqualTo("COMPLETED");
        assertThat(report.path("former").asString()).isEqualTo(former);
        return report;
    }

    private static void awaitWhole(ControlApi control) {
        await("the database has a primary and two standbys that hold every write")
                .atMost(WHOLE_LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    JsonNode primary = control.get(PRIMARY);
                    List<String> standbys = new ArrayList<>();
                    primary.path("claimed").path("standbys").forEach(node -> standbys.add(node.asString()));
                    Set<String> all = new TreeSet<>(standbys);
                    all.add(primary.path("primary").asString());
                    return primary.path("phase").asString().equals("STEADY") && all.equals(NODES);
                });
    }
}
