package dev.holdfast.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.quickstart.node.SampleNodes;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedQuickstart.class)
class ObserverLossIT {

    private static final String TRANSITIONS = "NODE_BECAME_.*|NODE_HEALTH_.*";

    private static final Duration UNKNOWN_LIMIT = Duration.ofSeconds(60);

    private final RunningQuickstart quickstart;
    private final ControlApi control;

    ObserverLossIT(RunningQuickstart quickstart) {
        this.quickstart = quickstart;
        this.control = quickstart.control();
    }

    @Test
    void losingOneOfThreeObserversChangesNoVerdict() throws Exception {
        awaitStatus("HEALTHY");
        long before = control.revision();
        try (OpenLoopLoad load = OpenLoopLoad.start(quickstart)) {
            quickstart.freeze("health-service-3");
            load.runFor(Duration.ofSeconds(15));
            quickstart.thaw("health-service-3");
            load.runFor(Duration.ofSeconds(5));
            LoadReport report = load.stop();
            System.out.println("one observer frozen and woken: " + report);
            assertThat(report.errors()).isEmpty();
            assertThat(control.eventsAfter(before, TRANSITIONS)).isEmpty();
        }
    }

    @Test
    void losingTwoOfThreeObserversMakesVerdictsUnknownAndLeavesRoutingAlone() throws Exception {
        awaitStatus("HEALTHY");
        long before = control.revision();
        try (OpenLoopLoad load = OpenLoopLoad.start(quickstart)) {
            quickstart.takeDown("health-service-2");
            quickstart.takeDown("health-service-3");
            awaitStatus("UNKNOWN");
            load.runFor(Duration.ofSeconds(3));
            for (String node : SampleNodes.names()) {
                assertThat(control.inRotation(node)).isTrue();
            }
            quickstart.bringBack("health-service-2");
            quickstart.bringBack("health-service-3");
            awaitStatus("HEALTHY");
            LoadReport report = load.stop();
            System.out.println("two observers gone: " + report);
            assertThat(report.errors()).isEmpty();
            assertThat(report.answers().keySet()).containsExactlyElementsOf(SampleNodes.names());
            assertThat(control.eventsAfter(before, "NODE_BECAME_UNHEALTHY")).isEmpty();
        }
    }

    private void awaitStatus(String status) {
        await("every node's health is " + status)
                .atMost(UNKNOWN_LIMIT)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    for (String node : SampleNodes.names()) {
                        if (!control.node(node).path("health").asString().equals(status)) {
                            return false;
                        }
                    }
                    return true;
                });
    }
}
