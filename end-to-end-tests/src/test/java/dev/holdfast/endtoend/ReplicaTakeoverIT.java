package dev.holdfast.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.endtoend.SpreadSuite.HeldLease;
import dev.holdfast.quickstart.service.Services;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Work that one replica has begun and another ends: the first is frozen, and so can't even say that it is gone. */
@Tag("installation")
@ExtendWith({NetworkNamespaceCondition.class, SharedSpreadSuite.class})
class ReplicaTakeoverIT {

    /** For the lease of a frozen replica to end, and another to take it. */
    private static final Duration TAKEOVER_LIMIT = Duration.ofSeconds(20);

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final SpreadSuite suite;
    private final ControlApi control;

    ReplicaTakeoverIT(SpreadSuite suite) throws IOException {
        this.suite = suite;
        this.control = suite.control();
    }

    @Test
    void aRollingRestartGoesOnWhenItsReplicaFreezes() throws Exception {
        for (String node : SpreadSuite.NODES) {
            await(node + " is in rotation").atMost(LIMIT).until(() -> control.inRotation(node));
        }
        Map<String, Integer> before = suite.restarts();
        try (OpenLoopLoad load = OpenLoopLoad.start(suite.gateway())) {
            String operation = "/api/v1/operations/"
                    + control.post(SpreadSuite.CLUSTER + "/rolling-restart")
                            .path("id")
                            .asString();
            await("the first node is restarted")
                    .atMost(LIMIT)
                    .until(() -> !suite.restarts().equals(before));
            String frozen = freezeHolder("operation-sample", Services.FAILOVER);
            await("the other replica ends it")
                    .atMost(LIMIT)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> control.get(operation).path("state").asString().equals("SUCCEEDED"));
            suite.thaw(frozen);
            load.runFor(Duration.ofSeconds(5)); // For the one that was frozen to do what it was about to.
            LoadReport report = load.stop();
            System.out.println("rolling restart, its replica frozen: " + report);
            assertThat(report.errors()).isEmpty();
            assertThat(control.get(operation).path("state").asString()).isEqualTo("SUCCEEDED");
            for (String node : SpreadSuite.NODES) {
                assertThat(suite.restarts().getOrDefault(node, 0) - before.getOrDefault(node, 0))
                        .as("restarts of " + node)
                        .isEqualTo(1);
                assertThat(control.inRotation(node)).isTrue();
            }
        }
    }

    @Test
    void aJoiningNodeIsSynchronisedWhenTheReplicaThatWatchesItFreezes() throws Exception {
        suite.declareSynchronisedCluster("joining", "joining-1");
        await("the node is healthy and not yet synchronised")
                .atMost(LIMIT)
                .until(() -> phase("joining-1").equals("SYNCHRONISING")
                        && control.node("joining-1").path("health").asString().equals("HEALTHY"));
        String frozen = freezeHolder("synchronisation", Services.REGION);
        suite.synchronise();
        await("the other replica sees that the node is synchronised")
                .atMost(LIMIT)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> phase("joining-1").equals("SERVING"));
        suite.thaw(frozen);
        assertThat(phase("joining-1")).isEqualTo("SERVING");
    }

    private String phase(String node) throws IOException, InterruptedException {
        return control.node(node).path("phase").asString();
    }

    /** Freezes the replica that does the work, and waits until another does it. Returns the name of the frozen process. */
    private String freezeHolder(String work, String service) throws Exception {
        for (String replica : List.of(service + "-1", service + "-2")) {
            suite.freeze(replica);
            HeldLease frozen = suite.lease(work);
            await("the lease of " + work + " is renewed, or taken over")
                    .atMost(TAKEOVER_LIMIT)
                    .until(() -> !suite.lease(work).equals(frozen));
            if (!suite.lease(work).holder().equals(frozen.holder())) {
                return replica;
            }
            suite.thaw(replica); // It was the other one, which goes on.
        }
        throw new AssertionError("nobody took over " + work);
    }
}
