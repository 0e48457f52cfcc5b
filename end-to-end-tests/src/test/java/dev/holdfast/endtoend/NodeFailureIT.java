package dev.holdfast.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@ExtendWith(SharedQuickstart.class)
class NodeFailureIT {

    /** What the sample cluster declares: fall 3 × interval 500 ms + timeout 300 ms. */
    private static final Duration VERDICT_BOUND = Duration.ofMillis(1800);

    private static final Duration TABLE_BOUND = Duration.ofMillis(500);

    /**
     * What a busy machine may add: the tests share two cores with all that they run, and with their neighbours. The test
     * prints what it measured.
     */
    private static final Duration NOISE = Duration.ofSeconds(2);

    private static final Duration OUT_OF_ROTATION = Duration.ofSeconds(2);

    private final RunningQuickstart quickstart;
    private final ControlApi control;

    NodeFailureIT(RunningQuickstart quickstart) {
        this.quickstart = quickstart;
        this.control = quickstart.control();
    }

    @Test
    void killingOneOfFourNodesFailsNoRequest() throws Exception {
        long before = control.revision();
        try (OpenLoopLoad load = OpenLoopLoad.start(quickstart).runFor(Duration.ofSeconds(3))) {
            quickstart.kill("node-1");
            Instant killed = Instant.now();
            Instant outOfTable = awaitOutOfTable("node-1");
            load.runFor(Duration.ofSeconds(5));
            LoadReport report = load.stop();
            Instant verdict = verdictAfter(before, "node-1");
            System.out.println("killed: verdict after " + millis(killed, verdict) + " ms, in the gateway's table "
                    + millis(verdict, outOfTable) + " ms later; " + report);
            assertThat(report.errors()).isEmpty();
            assertThat(Duration.between(killed, verdict)).isLessThan(VERDICT_BOUND.plus(NOISE));
            assertThat(Duration.between(verdict, outOfTable)).isLessThan(TABLE_BOUND.plus(NOISE));
            assertThat(report.servedBy("node-1", killed.plusMillis(50), Instant.MAX))
                    .isZero();
        }
    }

    @Test
    void freezingOneOfFourNodesForAMinuteFailsAtMostOneRequestInAThousand() throws Exception {
        try (OpenLoopLoad load = OpenLoopLoad.start(quickstart).runFor(Duration.ofSeconds(3))) {
            quickstart.freeze("node-2");
            Instant frozen = Instant.now();
            Instant out = awaitOutOfRotation("node-2");
            load.runFor(Duration.ofSeconds(60).minus(Duration.between(frozen, Instant.now())));
            Instant thawed = Instant.now();
            quickstart.thaw("node-2");
            load.runFor(Duration.ofSeconds(3));
            LoadReport report = load.stop();
            Instant settled = frozen.plus(OUT_OF_ROTATION).plus(NOISE);
            System.out.println("frozen: out of rotation after " + millis(frozen, out) + " ms, longest wait later "
                    + report.longest(settled, thawed).orElseThrow().toMillis() + " ms; " + report);
            assertThat(report.errorShare()).isLessThanOrEqualTo(0.001);
            assertThat(Duration.between(frozen, out)).isLessThan(OUT_OF_ROTATION.plus(NOISE));
            assertThat(report.servedBy("node-2", settled, thawed)).isZero();
        }
    }

    @Test
    void aNodeThatPassesItsChecksButAnswers503IsOutAfterFiveFailures() throws Exception {
        try (OpenLoopLoad load = OpenLoopLoad.start(quickstart).runFor(Duration.ofSeconds(2))) {
            Http.post(quickstart.node("node-3") + "/faults?status=503");
            awaitOutOfRotation("node-3");
            load.runFor(Duration.ofSeconds(3));
            long answered503 = faultyAnswers("node-3");
            String health = control.node("node-3").path("health").asString();
            LoadReport report = load.stop();
            System.out.println("answering 503: out after " + answered503 + " such answers; " + report);
            assertThat(answered503).isBetween(5L, 5 + inFlightAtOnce());
            assertThat(health).isEqualTo("HEALTHY");
            assertThat(report.errors()).isEmpty();
        }
    }

    /** Requests that were already on their way when the fifth failure came back. */
    private static long inFlightAtOnce() {
        return 10;
    }

    private Instant awaitOutOfTable(String node) {
        await(node + " is out of the gateway's table")
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !control.gatewayNode(node).path("takesTraffic").asBoolean());
        return Instant.now();
    }

    private Instant awaitOutOfRotation(String node) {
        await(node + " gets no requests")
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !control.inRotation(node));
        return Instant.now();
    }

    /** When the verdict was committed, by the store's clock, which is this machine's. */
    private Instant verdictAfter(long revision, String node) throws IOException, InterruptedException {
        List<JsonNode> verdicts = control.eventsAfter(revision, "NODE_BECAME_UNHEALTHY");
        assertThat(verdicts).hasSize(1);
        assertThat(verdicts.getFirst().path("node").asString()).isEqualTo(node);
        return Instant.parse(verdicts.getFirst().path("at").asString());
    }

    private long faultyAnswers(String node) throws IOException, InterruptedException {
        return JsonMapper.shared()
                .readTree(Http.get(quickstart.node(node) + "/faults").body())
                .path("faultyAnswers")
                .asLong();
    }

    private static long millis(Instant from, Instant to) {
        return Duration.between(from, to).toMillis();
    }
}
