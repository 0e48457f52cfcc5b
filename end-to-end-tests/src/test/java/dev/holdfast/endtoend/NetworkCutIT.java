package dev.holdfast.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Observers whose network is cut, not their process: they run on, and their packets get lost without an answer. */
@Tag("installation")
@ExtendWith({NetworkNamespaceCondition.class, SharedSpreadSuite.class})
class NetworkCutIT {

    private static final String TRANSITIONS = "NODE_BECAME_.*|NODE_HEALTH_.*";

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final SpreadSuite suite;
    private final ControlApi control;

    NetworkCutIT(SpreadSuite suite) throws IOException {
        this.suite = suite;
        this.control = suite.control();
    }

    @BeforeEach
    void awaitHealth() {
        awaitAll("HEALTHY", SpreadSuite.NODES);
        awaitVoting(List.of("health-1", "health-2", "health-3"));
    }

    @Test
    void cuttingOffOneOfThreeObserversChangesNoVerdict() throws Exception {
        long before = control.revision();
        try (OpenLoopLoad load = OpenLoopLoad.start(suite.gateway())) {
            suite.network(3).cut();
            load.runFor(Duration.ofSeconds(20));
            awaitVoting(List.of("health-1", "health-2"));
            assertThat(control.eventsAfter(before, TRANSITIONS)).isEmpty();
            suite.network(3).join();
            awaitVoting(List.of("health-1", "health-2", "health-3"));
            load.runFor(Duration.ofSeconds(5));
            LoadReport report = load.stop();
            System.out.println("one observer cut off and joined again: " + report);
            assertThat(report.errors()).isEmpty();
            assertThat(control.eventsAfter(before, TRANSITIONS)).isEmpty();
        }
    }

    @Test
    void twoObserversDecideWhileTheThirdIsCutOff() throws Exception {
        suite.network(1).cut();
        awaitVoting(List.of("health-2", "health-3"));
        suite.stopNode("node-2");
        awaitAll("UNHEALTHY", List.of("node-2"));
        suite.startNodeAgain("node-2");
        awaitAll("HEALTHY", List.of("node-2"));
        suite.network(1).join();
    }

    @Test
    void cuttingOffTwoOfThreeObserversMakesVerdictsUnknownAndLeavesRoutingAlone() throws Exception {
        long before = control.revision();
        try (OpenLoopLoad load = OpenLoopLoad.start(suite.gateway())) {
            suite.network(2).cut();
            suite.network(3).cut();
            awaitAll("UNKNOWN", SpreadSuite.NODES);
            load.runFor(Duration.ofSeconds(3));
            for (String node : SpreadSuite.NODES) {
                assertThat(control.inRotation(node)).isTrue();
            }
            suite.network(2).join();
            suite.network(3).join();
            awaitAll("HEALTHY", SpreadSuite.NODES);
            LoadReport report = load.stop();
            System.out.println("two observers cut off and joined again: " + report);
            assertThat(report.errors()).isEmpty();
            assertThat(report.answers().keySet()).containsExactlyElementsOf(SpreadSuite.NODES);
            assertThat(control.eventsAfter(before, "NODE_BECAME_UNHEALTHY")).isEmpty();
        }
    }

    private void awaitAll(String status, List<String> nodes) {
        await(nodes + " are " + status)
                .atMost(LIMIT)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    for (String node : nodes) {
                        if (!control.node(node).path("health").asString().equals(status)) {
                            return false;
                        }
                    }
                    return true;
                });
    }

    private void awaitVoting(List<String> observers) {
        await("just " + observers + " vote")
                .atMost(LIMIT)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> control.voting().equals(observers));
    }
}
