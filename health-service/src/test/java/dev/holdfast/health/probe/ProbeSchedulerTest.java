package dev.holdfast.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.health.opinion.Sighting;
import dev.holdfast.model.health.ProbeOutcome;
import dev.holdfast.model.health.ProbeResult;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.NodeId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The rhythm of checks, in virtual time. */
class ProbeSchedulerTest {

    private static final Duration INTERVAL = HealthCheck.DEFAULT.interval();

    private static final NodeId NODE = new NodeId("shop-1");

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Sighting> counted = new ArrayList<>();
    private final List<Endpoint> countedAt = new ArrayList<>();
    private final Map<NodeId, List<Duration>> startsOf = new HashMap<>();
    private HealthCheck check = HealthCheck.DEFAULT;
    private Duration latency = Duration.ofMillis(2);
    private Duration jump = Duration.ZERO;
    private int inFlight;
    private int mostInFlight;

    private final ProbeScheduler scheduler = new ProbeScheduler(
            this::probe,
            new CheckListener() {
                @Override
                public void following(Map<NodeId, CheckTarget> targets) {}

                @Override
                public Duration checked(CheckTarget target, Sighting sighting, ProbeResult result) {
                    counted.add(sighting);
                    countedAt.add(target.address());
                    return target.check().interval();
                }

                @Override
                public void ticked(Duration now) {}
            },
            time,
            () -> time.now(TimeUnit.NANOSECONDS) + jump.toNanos(),
            () -> Instant.EPOCH,
            new Random(4),
            new ProbeMetrics(meters));

    private ProbeOutcome outcome = ProbeOutcome.SUCCESS;

    private Mono<ProbeResult> probe(CheckTarget target) {
        return Mono.defer(() -> {
            startsOf.computeIfAbsent(target.node(), node -> new ArrayList<>()).add(now());
            mostInFlight = Math.max(mostInFlight, ++inFlight);
            return Mono.delay(latency, time).map(done -> {
                inFlight--;
                return new ProbeResult(outcome, Instant.EPOCH, latency, "made up");
            });
        });
    }

    @Test
    void checksComeAtMostTheJitterEarlyAndNeverLate() {
        follow(NODE);
        time.advanceTimeBy(Duration.ofMinutes(5));
        List<Duration> starts = starts();
        assertThat(starts).hasSizeGreaterThan(300);
        assertThat(starts.getFirst()).isLessThanOrEqualTo(INTERVAL);
        for (int i = 1; i < starts.size(); i++) {
            assertThat(starts.get(i).minus(starts.get(i - 1))).isBetween(Duration.ofMillis(900), INTERVAL);
        }
    }

    @Test
    void firstChecksOfManyNodesAreSpreadOverTheInterval() {
        NodeId[] nodes = new NodeId[1_000];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = new NodeId("shop-" + i);
        }
        follow(nodes);
        time.advanceTimeBy(INTERVAL);
        assertThat(startsOf).hasSize(1_000);
        Map<Long, Long> perTenth = startsOf.values().stream()
                .collect(Collectors.groupingBy(starts -> starts.getFirst().toMillis() / 100, Collectors.counting()));
        assertThat(perTenth.values()).allSatisfy(count -> assertThat(count).isBetween(50L, 200L));
    }

    @Test
    void aSlowNodeHasOneCheckUnderWayAtATime() {
        latency = INTERVAL.multipliedBy(3);
        check = withTimeout(latency);
        follow(NODE);
        time.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(mostInFlight).isEqualTo(1);
        assertThat(starts()).hasSizeBetween(18, 21);
    }

    @Test
    void aNodeThatIsNoLongerFollowedIsNotChecked() {
        follow(NODE);
        time.advanceTimeBy(Duration.ofSeconds(5));
        follow();
        int before = starts().size();
        time.advanceTimeBy(Duration.ofMinutes(1));
        assertThat(starts()).hasSize(before);
    }

    @Test
    void aCheckUnderWayWhenTheNodeMovesDoesNotCount() {
        latency = Duration.ofMillis(400);
        follow(NODE);
        time.advanceTimeBy(INTERVAL);
        while (inFlight == 0) {
            time.advanceTimeBy(Duration.ofMillis(10));
        }
        AtomicReference<String> answer = new AtomicReference<>("none yet");
        scheduler
                .checkNow(NODE)
                .map(ProbeResult::detail)
                .defaultIfEmpty("moved")
                .subscribe(answer::set);
        time.advanceTimeBy(Duration.ofMillis(10));
        int before = countedAt.size();
        Endpoint elsewhere = new Endpoint("10.0.0.2", 80);
        scheduler.follow(Map.of(NODE, new CheckTarget(NODE, new ClusterId("shop"), elsewhere, HealthCheck.DEFAULT)));
        time.advanceTimeBy(INTERVAL.multipliedBy(3));
        assertThat(answer).hasValue("moved");
        assertThat(countedAt.subList(before, countedAt.size()))
                .hasSizeBetween(2, 4)
                .containsOnly(elsewhere);
    }

    @Test
    void checksUnderWayAcrossAStandstillOfThisProcessDontCountAndAreMadeAnew() {
        latency = Duration.ofMillis(400);
        follow(NODE);
        time.advanceTimeBy(INTERVAL);
        while (inFlight == 0) {
            time.advanceTimeBy(Duration.ofMillis(10));
        }
        int before = counted.size();
        Duration stopped = now();
        jump = Duration.ofSeconds(30);
        time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(counted.size()).isGreaterThan(before);
        assertThat(counted.subList(before, counted.size()))
                .allSatisfy(sighting -> assertThat(sighting.startedAt()).isGreaterThan(stopped.plusSeconds(29)));
        assertThat(meters.get("holdfast.health.probe.discarded").counter().count())
                .isEqualTo(1);
    }

    /** As on a machine that is so busy that this process runs for a moment only now and then. */
    @Test
    void silenceAcrossManyShortStandstillsDoesNotCount() {
        latency = Duration.ofMillis(200);
        outcome = ProbeOutcome.TIMEOUT;
        List<Sighting> before = underWay();
        for (int i = 0; i < 3; i++) {
            time.advanceTimeBy(Duration.ofMillis(60));
            jump = jump.plusMillis(150);
        }
        Duration over = now();
        time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(counted).hasSizeGreaterThan(before.size());
        assertThat(counted.get(before.size()).startedAt()).isGreaterThanOrEqualTo(over);
        assertThat(discarded()).isEqualTo(1);
    }

    /** Somebody answered, however little this process heard meanwhile. */
    @ParameterizedTest
    @EnumSource(
            value = ProbeOutcome.class,
            names = {"SUCCESS", "REFUSED", "UNEXPECTED_ANSWER"})
    void anAnswerAcrossManyShortStandstillsCounts(ProbeOutcome answer) {
        latency = Duration.ofMillis(200);
        outcome = answer;
        List<Sighting> before = underWay();
        Duration begun = now();
        for (int i = 0; i < 3; i++) {
            time.advanceTimeBy(Duration.ofMillis(60));
            jump = jump.plusMillis(150);
        }
        time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(counted).hasSizeGreaterThan(before.size());
        assertThat(counted.get(before.size()).startedAt()).isLessThanOrEqualTo(begun);
        assertThat(discarded()).isZero();
    }

    /** As when the threads of the network and the timers get no time, and this one does. */
    @Test
    void aTimeoutThatComesFarTooLateDoesNotCount() {
        latency = Duration.ofMillis(800);
        outcome = ProbeOutcome.TIMEOUT;
        List<Sighting> before = underWay();
        Duration begun = now();
        latency = Duration.ofMillis(400);
        time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(counted).hasSizeGreaterThan(before.size());
        assertThat(counted.get(before.size()).startedAt()).isGreaterThan(begun);
        assertThat(discarded()).isEqualTo(1);
    }

    @Test
    void aStandstillThatWasOverWhenTheCheckBeganCostsNothing() {
        follow(NODE);
        time.advanceTimeBy(INTERVAL);
        jump = Duration.ofSeconds(30);
        time.advanceTimeBy(INTERVAL.multipliedBy(3));
        assertThat(counted).hasSizeGreaterThan(2);
        assertThat(discarded()).isZero();
    }

    /** Follows the node until a check of it has just begun, and returns what was counted before. */
    private List<Sighting> underWay() {
        follow(NODE);
        while (inFlight == 0) {
            time.advanceTimeBy(Duration.ofMillis(1));
        }
        return List.copyOf(counted);
    }

    private double discarded() {
        return meters.get("holdfast.health.probe.discarded").counter().count();
    }

    private static HealthCheck withTimeout(Duration timeout) {
        HealthCheck usual = HealthCheck.DEFAULT;
        return new HealthCheck(
                usual.type(),
                usual.path(),
                usual.expectedStatus(),
                usual.port(),
                usual.tlsVerify(),
                usual.interval(),
                timeout,
                usual.rise(),
                usual.fall(),
                usual.jitter());
    }

    @Test
    void aHintChecksAtOnceAndAFloodOfThemDoesNotMore() {
        latency = Duration.ofMillis(1);
        follow(NODE);
        time.advanceTimeBy(INTERVAL);
        int before = starts().size();
        for (int i = 0; i < 500; i++) {
            scheduler.hint(Set.of(NODE, new NodeId("stranger")));
            time.advanceTimeBy(Duration.ofMillis(10));
        }
        assertThat(starts().size() - before).isBetween(5, 13);
    }

    @Test
    void aCheckOnRequestIsAFreshOneAndCounts() {
        latency = Duration.ofMillis(300);
        follow(NODE);
        time.advanceTimeBy(INTERVAL);
        while (inFlight == 0) {
            time.advanceTimeBy(Duration.ofMillis(10));
        }
        AtomicReference<String> answer = new AtomicReference<>("none yet");
        int before = starts().size();
        scheduler.checkNow(NODE).subscribe(result -> answer.set(result.detail()));
        time.advanceTimeBy(Duration.ofMillis(310));
        assertThat(answer).hasValue("none yet");
        time.advanceTimeBy(Duration.ofMillis(310));
        assertThat(answer).hasValue("made up");
        assertThat(starts()).hasSize(before + 1);

        scheduler
                .checkNow(new NodeId("stranger"))
                .defaultIfEmpty(new ProbeResult(ProbeOutcome.TIMEOUT, Instant.EPOCH, latency, "unknown"))
                .subscribe(result -> answer.set(result.detail()));
        time.advanceTimeBy(Duration.ofMillis(10));
        assertThat(answer).hasValue("unknown");
    }

    private List<Duration> starts() {
        return startsOf.getOrDefault(NODE, List.of());
    }

    private Duration now() {
        return Duration.ofNanos(time.now(TimeUnit.NANOSECONDS)).plus(jump);
    }

    private void follow(NodeId... nodes) {
        Map<NodeId, CheckTarget> targets = new HashMap<>();
        for (NodeId node : nodes) {
            targets.put(node, new CheckTarget(node, new ClusterId("shop"), new Endpoint("10.0.0.1", 80), check));
        }
        if (startsOf.isEmpty()) {
            scheduler.start();
        }
        scheduler.follow(targets);
    }
}
