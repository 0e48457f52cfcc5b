package dev.holdfast.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(SharedQuickstart.class)
class ControlPlaneLossIT {

    /** For a service to be started again and to have caught up. */
    private static final Duration RETURN_LIMIT = Duration.ofMinutes(2);

    private final RunningQuickstart quickstart;
    private final ControlApi control;

    ControlPlaneLossIT(RunningQuickstart quickstart) {
        this.quickstart = quickstart;
        this.control = quickstart.control();
    }

    @Test
    void killingEachControlServiceInTurnFailsNoRequest() throws Exception {
        try (OpenLoopLoad load = OpenLoopLoad.start(quickstart)) {
            for (String service : ControlServices.NAMES) {
                long before = quickstart.pid(service).orElseThrow();
                quickstart.kill(service);
                quickstart.awaitReplaced(service, before);
                quickstart.bringBack(service); // Waits until it works again.
            }
            LoadReport report = load.stop();
            System.out.println("each control service killed in turn: " + report);
            assertThat(report.errors()).isEmpty();
        }
    }

    @Test
    void aNodeThatDiesWhileAllControlServicesAreDownIsEjected() throws Exception {
        try (OpenLoopLoad load = OpenLoopLoad.start(quickstart).runFor(Duration.ofSeconds(1))) {
            Map<String, Long> before = new HashMap<>();
            for (String service : ControlServices.NAMES) {
                before.put(service, quickstart.pid(service).orElseThrow());
            }
            for (String service : ControlServices.NAMES) {
                quickstart.kill(service);
            }
            quickstart.kill("node-2");
            Instant killed = Instant.now();
            awaitVerdict("node-2", "UNHEALTHY");
            LoadReport report = load.stop();
            System.out.println("all control services killed, then a node: verdict after "
                    + Duration.between(killed, Instant.now()).toMillis() + " ms; " + report);
            assertThat(report.errors()).isEmpty();
            assertThat(report.servedBy("node-2", killed.plusMillis(50), Instant.MAX))
                    .isZero();
            before.forEach(quickstart::awaitReplaced);
        }
    }

    @Test
    void aNodeThatDiesWhileTheStoreRestartsIsEjected() throws Exception {
        try (OpenLoopLoad load = OpenLoopLoad.start(quickstart).runFor(Duration.ofSeconds(1))) {
            long before = quickstart.pid("postgres").orElseThrow();
            quickstart.kill("postgres");
            quickstart.kill("node-4");
            Instant killed = Instant.now();
            quickstart.awaitReplaced("postgres", before);
            awaitVerdict("node-4", "UNHEALTHY");
            LoadReport report = load.stop();
            System.out.println("store killed, then a node: verdict after "
                    + Duration.between(killed, Instant.now()).toMillis() + " ms; " + report);
            assertThat(report.errors()).isEmpty();
            assertThat(report.servedBy("node-4", killed.plusMillis(50), Instant.MAX))
                    .isZero();
        }
    }

    @Test
    void aGatewayStartedWithoutTheStoreServesFromDiskAndSendsNothingToNodesKnownDown() throws Exception {
        Http.post(quickstart.node("node-3") + "/faults?health=503");
        awaitVerdict("node-3", "UNHEALTHY");
        await("the gateway knows").until(() -> !control.inRotation("node-3"));
        quickstart.takeDown("postgres");
        TimeUnit.SECONDS.sleep(1); // The gateway writes down what it knows at most half a second later.
        long before = quickstart.pid("gateway-service").orElseThrow();
        quickstart.kill("gateway-service");
        quickstart.awaitReplaced("gateway-service", before);
        quickstart.bringBack("gateway-service"); // Waits until it works again.
        long requestsBefore = requests("node-3");
        try (OpenLoopLoad load = OpenLoopLoad.start(quickstart).runFor(Duration.ofSeconds(5))) {
            LoadReport report = load.stop();
            System.out.println("gateway started without the store: " + report);
            assertThat(report.errors()).isEmpty();
            assertThat(report.answers()).containsOnlyKeys("node-1", "node-2", "node-4");
            assertThat(requests("node-3")).isEqualTo(requestsBefore);
        } finally {
            quickstart.bringBack("postgres");
        }
    }

    private void awaitVerdict(String node, String verdict) {
        await(node + " is " + verdict)
                .atMost(RETURN_LIMIT)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptionsInstanceOf(IOException.class) // While the control API is away.
                .until(() -> control.node(node).path("health").asString().equals(verdict));
    }

    private long requests(String node) throws IOException, InterruptedException {
        return JsonMapper.shared()
                .readTree(Http.get(quickstart.node(node) + "/faults").body())
                .path("requests")
                .asLong();
    }
}
