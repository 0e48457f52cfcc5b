package dev.holdfast.health.observer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.health.observer.SimulatedWorld.Cut;
import dev.holdfast.health.observer.SimulatedWorld.Member;
import dev.holdfast.health.observer.SimulatedWorld.NodeBehaviour;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.health.Observer;
import dev.holdfast.model.health.Opinion;
import dev.holdfast.model.health.ProbeOutcome;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole way from checks to verdicts, with three observers on one store. */
class ObserverSimulationTest {

    private static final Duration BOUND = HealthCheck.DEFAULT
            .interval()
            .multipliedBy(HealthCheck.DEFAULT.fall())
            .plus(HealthCheck.DEFAULT.timeout());

    private static final Endpoint ELSEWHERE = new Endpoint("10.0.0.2", 8080);

    private static final NodeBehaviour HANGS = (asking, now) -> ProbeOutcome.TIMEOUT;

    private static final NodeBehaviour REFUSES = (asking, now) -> ProbeOutcome.REFUSED;

    @Test
    void findsNewNodesHealthyWithinAnInterval() {
        SimulatedWorld world = settled(1, 4);
        assertThat(world.verdicts()).hasSize(4).allSatisfy(event -> {
            assertThat(event.entry().type()).isEqualTo(EventType.NODE_BECAME_HEALTHY);
            assertThat(event.at()).isBefore(SimulatedWorld.START.plusMillis(1_100));
        });
        assertThat(world.health("shop-1").incarnation()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void findsAFrozenNodeWithinTheBoundWhateverThePhase(long seed) {
        SimulatedWorld world = settled(seed, 4);
        world.advance(Duration.ofMillis(new Random(seed).nextInt(1_000)));
        Instant frozen = world.clock.instant();
        world.behaviours.put(new NodeId("shop-2"), HANGS);
        world.advance(Duration.ofSeconds(10));

        JournalEvent verdict = world.events(EventType.NODE_BECAME_UNHEALTHY).getFirst();
        assertThat(Duration.between(frozen, verdict.at())).isLessThanOrEqualTo(BOUND);
        assertThat(world.events(EventType.NODE_BECAME_UNHEALTHY)).hasSize(1);
        assertThat(verdict.entry().evidence()).containsEntry("quorum", 2).containsKey("observers");
        NodeHealth health = world.health("shop-2");
        assertThat(health.status()).isEqualTo(HealthStatus.UNHEALTHY);
        assertThat(health.incarnation()).isEqualTo(1);
    }

    @Test
    void aNodeThatIsBackIsHealthyAfterRiseIntervals() {
        SimulatedWorld world = settled(3, 4);
        world.behaviours.put(new NodeId("shop-2"), REFUSES);
        world.advance(Duration.ofSeconds(10));
        Instant back = world.clock.instant();
        world.behaviours.remove(new NodeId("shop-2"));
        world.advance(Duration.ofSeconds(10));

        JournalEvent verdict = world.verdicts().getLast();
        assertThat(verdict.entry().type()).isEqualTo(EventType.NODE_BECAME_HEALTHY);
        assertThat(Duration.between(back, verdict.at())).isLessThan(Duration.ofMillis(3_500));
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void oneObserverCutOffChangesNothing(Cut cut) {
        SimulatedWorld world = settled(5, 6);
        int before = world.verdicts().size();
        Member one = world.members.values().iterator().next();
        one.cuts.add(cut);
        world.advance(Duration.ofSeconds(60));
        assertThat(world.verdicts()).hasSize(before);
        one.cuts.clear();
        world.advance(Duration.ofSeconds(60));
        assertThat(world.verdicts()).hasSize(before);
        assertThat(world.events(EventType.OBSERVER_BECAME_ISOLATED)).hasSize(cut == Cut.NODES ? 1 : 0);
        assertThat(world.events(EventType.OBSERVER_REJOINED)).hasSize(cut == Cut.NODES ? 1 : 0);
        assertThat(world.events(EventType.OBSERVER_LOST)).hasSize(cut == Cut.STORE ? 1 : 0);
        assertThat(world.allObservers()).allMatch(Observer::votes);
    }

    @ParameterizedTest
    @EnumSource(Cut.class)
    void twoObserversCutOffMakeVerdictsUnknownAndKeepWhatWasDecided(Cut cut) {
        SimulatedWorld world = settled(6, 6);
        List<Member> two = world.members.values().stream().limit(2).toList();
        two.forEach(member -> member.cuts.add(cut));
        world.advance(Duration.ofMinutes(2));
        assertThat(world.allHealth()).hasSize(6).allSatisfy(health -> {
            assertThat(health.status()).isEqualTo(HealthStatus.UNKNOWN);
            assertThat(health.decided()).contains(HealthStatus.HEALTHY);
            assertThat(health.incarnation()).isZero();
        });
        assertThat(world.events(EventType.NODE_BECAME_UNHEALTHY)).isEmpty();

        two.forEach(member -> member.cuts.clear());
        world.advance(Duration.ofSeconds(20));
        assertThat(world.allHealth()).allMatch(health -> health.status() == HealthStatus.HEALTHY);
        assertThat(world.verdicts()).hasSize(18);
        assertThat(world.events(EventType.NODE_BECAME_UNHEALTHY)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void noDownOpinionSlipsOutOfACutThatHitsClustersOfAllRhythms(long seed) {
        SimulatedWorld world = new SimulatedWorld(seed);
        world.declare("fast", check(Duration.ofMillis(250), Duration.ofMillis(200), 1), 2);
        world.declare("shop", HealthCheck.DEFAULT, 3);
        world.declare("slow", check(Duration.ofSeconds(20), Duration.ofSeconds(5), 3), 10);
        world.observer("health-1", 1);
        world.advance(Duration.ofSeconds(30 + seed));
        world.members.values().forEach(member -> member.cuts.add(Cut.NODES));
        world.advance(Duration.ofMinutes(5));
        world.members.values().forEach(member -> member.cuts.clear());
        world.advance(Duration.ofSeconds(30));
        assertThat(world.events(EventType.NODE_BECAME_UNHEALTHY)).isEmpty();
        assertThat(world.allHealth()).hasSize(15).allMatch(health -> health.status() == HealthStatus.HEALTHY);
    }

    @Test
    void killedNodesAreReportedHoweverManyTheyAre() {
        SimulatedWorld world = settled(8, 4);
        for (int i = 1; i <= 4; i++) {
            world.behaviours.put(new NodeId("shop-" + i), REFUSES);
        }
        world.advance(BOUND);
        assertThat(world.events(EventType.NODE_BECAME_UNHEALTHY)).hasSize(4);
        assertThat(world.events(EventType.OBSERVER_BECAME_ISOLATED)).isEmpty();
    }

    /** {@code -Dholdfast.bound.seeds=1000} for the long run. */
    @ParameterizedTest
    @CsvSource({"1,3", "2,3", "3,3", "4,3", "1,2", "2,2", "3,2", "4,2"})
    void findsFrozenNodesWithinTheBoundBesideClustersThatAreCheckedRarely(int frozen, int fall) {
        HealthCheck fast = check(Duration.ofMillis(250), Duration.ofMillis(200), fall);
        Duration bound = fast.interval().multipliedBy(fall).plus(fast.timeout());
        for (long seed = 0; seed < Integer.getInteger("holdfast.bound.seeds", 20); seed++) {
            SimulatedWorld world = new SimulatedWorld(seed);
            world.declare("fast", fast, 8);
            world.declare("shop", HealthCheck.DEFAULT, 4);
            world.declare("slow", check(Duration.ofSeconds(20), Duration.ofSeconds(5), 3), 30);
            world.observer("health-1", 1);
            Random random = new Random(~seed);
            world.advance(Duration.ofMillis(30_000 + random.nextInt(20_000)));
            Map<NodeId, Instant> frozenAt = new HashMap<>();
            for (int node = 1; node <= frozen; node++) {
                NodeId id = new NodeId("fast-" + node);
                frozenAt.put(id, world.clock.instant());
                world.behaviours.put(id, HANGS);
                world.advance(Duration.ofMillis(random.nextInt(400)));
            }
            world.advance(Duration.ofSeconds(5));
            assertThat(world.events(EventType.NODE_BECAME_UNHEALTHY))
                    .as("seed %d", seed)
                    .hasSize(frozen)
                    .allSatisfy(event -> {
                        NodeId node = event.entry().node().orElseThrow();
                        assertThat(Duration.between(frozenAt.get(node), event.at()))
                                .isLessThanOrEqualTo(bound);
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void mostNodesLostForGoodFreezeTheVerdictsOnAllForAWhileOnly(int left) {
        SimulatedWorld world = settled(19, 10);
        for (int node = left + 1; node <= 10; node++) {
            world.behaviours.put(new NodeId("shop-" + node), HANGS);
        }
        world.advance(Duration.ofSeconds(25));
        assertThat(world.allHealth()).allMatch(health -> health.status() == HealthStatus.UNKNOWN);
        world.advance(Duration.ofSeconds(15));
        assertThat(world.allHealth())
                .hasSize(10)
                .allSatisfy(health -> assertThat(health.status())
                        .isEqualTo(
                                Integer.parseInt(health.node().value().substring(5)) <= left
                                        ? HealthStatus.HEALTHY
                                        : HealthStatus.UNHEALTHY));
        assertThat(world.allObservers()).allMatch(Observer::votes);
        assertThat(world.events(EventType.OBSERVER_BECAME_ISOLATED)).hasSize(3);

        world.behaviours.clear();
        world.advance(Duration.ofSeconds(60));
        world.assertAllHealthy();
    }

    @Test
    void allNodesLostForGoodAreJudgedOnceOthersHaveAnsweredForAWhile() {
        SimulatedWorld world = settled(20, 6);
        for (int node = 1; node <= 6; node++) {
            world.behaviours.put(new NodeId("shop-" + node), HANGS);
        }
        world.advance(Duration.ofMinutes(5));
        assertThat(world.allHealth()).allMatch(health -> health.status() == HealthStatus.UNKNOWN);
        world.declareNode("shop", "shop-7");
        world.follow();
        world.advance(Duration.ofSeconds(40));
        assertThat(world.health("shop-7").status()).isEqualTo(HealthStatus.HEALTHY);
        assertThat(world.events(EventType.NODE_BECAME_UNHEALTHY)).hasSize(6);
    }

    @Test
    void anObserverCutOffFromMostNodesForLongIsOutvoted() {
        SimulatedWorld world = settled(21, 6);
        int before = world.verdicts().size();
        Member one = world.members.values().iterator().next();
        for (int node = 2; node <= 6; node++) {
            world.behaviours.put(
                    new NodeId("shop-" + node),
                    (asking, now) -> asking.equals(one.settings.id()) ? ProbeOutcome.TIMEOUT : ProbeOutcome.SUCCESS);
        }
        world.advance(Duration.ofMinutes(5));
        assertThat(world.verdicts()).hasSize(before);
        world.behaviours.clear();
        world.advance(Duration.ofMinutes(1));
        assertThat(world.verdicts()).hasSize(before);
        assertThat(one.work.watch().count(Opinion.UP)).isEqualTo(6);
        assertThat(world.allObservers()).allMatch(Observer::votes);
    }

    @Test
    void nodesThatAcceptAndCloseAreReportedHoweverManyTheyAre() {
        SimulatedWorld world = settled(22, 4);
        for (int node = 2; node <= 4; node++) {
            world.behaviours.put(new NodeId("shop-" + node), (asking, now) -> ProbeOutcome.UNEXPECTED_ANSWER);
        }
        world.advance(BOUND);
        assertThat(world.events(EventType.NODE_BECAME_UNHEALTHY)).hasSize(3);
        assertThat(world.events(EventType.OBSERVER_BECAME_ISOLATED)).isEmpty();
    }

    @Test
    void publishesWhatItThenHoldsWhenTheStoreIsBack() {
        SimulatedWorld world = settled(9, 4);
        world.store.goAway();
        world.behaviours.put(new NodeId("shop-1"), REFUSES);
        world.behaviours.put(new NodeId("shop-2"), REFUSES);
        world.advance(Duration.ofSeconds(30));
        world.behaviours.remove(new NodeId("shop-2"));
        world.advance(Duration.ofSeconds(30));
        world.store.comeBack();
        world.advance(Duration.ofSeconds(5));
        assertThat(world.events(EventType.NODE_BECAME_UNHEALTHY))
                .singleElement()
                .satisfies(event -> assertThat(event.entry().node()).contains(new NodeId("shop-1")));
        assertThat(world.health("shop-2").routable()).isTrue();
        assertThat(world.health("shop-1").routable()).isFalse();
    }

    @Test
    void aRestartOfEveryObserverInTurnChangesNoVerdict() {
        SimulatedWorld world = settled(10, 4);
        world.behaviours.put(new NodeId("shop-4"), REFUSES);
        world.advance(Duration.ofSeconds(10));
        int before = world.verdicts().size();
        for (Member member : List.copyOf(world.members.values())) {
            member.restart();
            world.advance(Duration.ofSeconds(10));
        }
        assertThat(world.verdicts()).hasSize(before);
    }

    @Test
    void aNodeDeletedAndDeclaredAnewIsJudgedAnew() {
        SimulatedWorld world = settled(11, 2);
        world.follow();
        world.delete(new NodeId("shop-1"));
        world.declareNode("shop", "shop-1");
        world.follow();
        world.advance(Duration.ofSeconds(1));
        assertThat(world.health("shop-1").status()).isEqualTo(HealthStatus.HEALTHY);
    }

    @Test
    void anObserverWhoseOpinionWentWithTheNodeWritesItAgainThoughOthersHaveDecidedAnew() {
        SimulatedWorld world = settled(14, 2);
        List<Member> others = List.copyOf(world.members.values());
        Member late = others.getFirst();
        world.delete(new NodeId("shop-1"));
        world.declareNode("shop", "shop-1");
        others.stream().skip(1).forEach(Member::follow);
        world.advance(Duration.ofSeconds(1));
        assertThat(world.health("shop-1").status()).isEqualTo(HealthStatus.HEALTHY);
        assertThat(world.opinionsOn("shop-1")).hasSize(2);

        late.follow();
        world.advance(Duration.ofMillis(100));
        assertThat(world.opinionsOn("shop-1"))
                .hasSize(3)
                .anyMatch(opinion -> opinion.observer().equals(late.settings.id()));
    }

    @Test
    void aNodeSeenGoneAndThenBackIsJudgedAnew() {
        SimulatedWorld world = settled(15, 2);
        world.delete(new NodeId("shop-1"));
        world.follow();
        world.declareNode("shop", "shop-1");
        world.follow();
        world.advance(Duration.ofMillis(1_100));
        assertThat(world.health("shop-1").status()).isEqualTo(HealthStatus.HEALTHY);
        assertThat(world.opinionsOn("shop-1")).hasSize(3);
    }

    @Test
    void aNodeThatMovesIsJudgedByChecksAtItsNewAddressAlone() {
        SimulatedWorld world = settled(16, 2);
        world.move("shop-1", ELSEWHERE);
        world.move("shop-2", ELSEWHERE);
        world.behaviours.put(new NodeId("shop-2"), REFUSES);
        Instant moved = world.clock.instant();
        world.follow();
        world.advance(Duration.ofMillis(1_100));
        assertThat(world.health("shop-1").status()).isEqualTo(HealthStatus.HEALTHY);
        assertThat(world.opinionsOn("shop-1"))
                .hasSize(3)
                .allSatisfy(opinion -> assertThat(opinion.evidence().at()).isAfter(moved));
        world.advance(Duration.ofSeconds(3));
        assertThat(world.health("shop-2").status()).isEqualTo(HealthStatus.UNHEALTHY);
        assertThat(world.events(EventType.NODE_BECAME_HEALTHY)).hasSize(3);
    }

    @Test
    void anOpinionOnAnAddressThatTheNodeHasLeftDoesNotCountAtTheNewOne() {
        SimulatedWorld world = settled(17, 2);
        world.move("shop-1", ELSEWHERE);
        world.behaviours.put(new NodeId("shop-1"), REFUSES);
        world.advance(Duration.ofSeconds(40));
        assertThat(world.members.values())
                .allSatisfy(member ->
                        assertThat(member.work.watch().count(Opinion.DOWN)).isEqualTo(1));
        assertThat(world.opinionsOn("shop-1")).isEmpty();

        world.behaviours.remove(new NodeId("shop-1"));
        world.follow();
        world.advance(Duration.ofMillis(1_100));
        assertThat(world.health("shop-1").status()).isEqualTo(HealthStatus.HEALTHY);
        assertThat(world.events(EventType.NODE_BECAME_UNHEALTHY)).isEmpty();
    }

    @Test
    void anObserverThatRestartsTakesNoOpinionAlongToANewAddress() {
        SimulatedWorld world = settled(18, 2);
        world.behaviours.put(new NodeId("shop-1"), REFUSES);
        world.advance(Duration.ofSeconds(5));
        world.move("shop-1", ELSEWHERE);
        world.behaviours.remove(new NodeId("shop-1"));
        world.members.values().forEach(Member::restart);
        world.advance(Duration.ofMillis(1_100));
        assertThat(world.health("shop-1").status()).isEqualTo(HealthStatus.HEALTHY);
    }

    @Test
    void aNodeDeletedBeforeItsOpinionArrivesIsIgnored() {
        SimulatedWorld world = settled(12, 2);
        world.delete(new NodeId("shop-1"));
        world.behaviours.put(new NodeId("shop-1"), REFUSES);
        world.behaviours.put(new NodeId("shop-2"), REFUSES);
        world.advance(Duration.ofSeconds(5));
        assertThat(world.events(EventType.NODE_BECAME_UNHEALTHY))
                .singleElement()
                .satisfies(event -> assertThat(event.entry().node()).contains(new NodeId("shop-2")));
    }

    @Test
    void aChangeOfSettingsKeepsWhatIsHeld() {
        SimulatedWorld world = settled(13, 2);
        int before = world.verdicts().size();
        world.declare("shop", check(Duration.ofMillis(200), Duration.ofMillis(100), 2), 2);
        world.advance(Duration.ofSeconds(2));
        assertThat(world.verdicts()).hasSize(before);
        Instant frozen = world.clock.instant();
        world.behaviours.put(new NodeId("shop-1"), HANGS);
        world.advance(Duration.ofSeconds(2));
        assertThat(Duration.between(
                        frozen,
                        world.events(EventType.NODE_BECAME_UNHEALTHY).getFirst().at()))
                .isLessThanOrEqualTo(Duration.ofMillis(500));
    }

    /** {@code -Dholdfast.flapping.seeds=10000} for the long run. */
    @Test
    void aCheckThatFailsHalfTheTimeForAMinuteGivesAtMostTwoTransitions() {
        int seeds = Integer.getInteger("holdfast.flapping.seeds", 200);
        int most = 0;
        for (long seed = 0; seed < seeds; seed++) {
            SimulatedWorld world = settled(seed, 4);
            int before = world.verdicts().size();
            Random coin = new Random(~seed);
            world.behaviours.put(
                    new NodeId("shop-3"),
                    (asking, now) -> coin.nextBoolean()
                            ? ProbeOutcome.SUCCESS
                            : coin.nextBoolean() ? ProbeOutcome.TIMEOUT : ProbeOutcome.UNEXPECTED_ANSWER);
            world.advance(Duration.ofMinutes(1));
            world.behaviours.remove(new NodeId("shop-3"));
            world.advance(Duration.ofMinutes(1));
            int transitions = world.verdicts().size() - before;
            assertThat(transitions).as("transitions with seed %d", seed).isLessThanOrEqualTo(2);
            world.assertAllHealthy();
            most = Math.max(most, transitions);
        }
        assertThat(most).as("the simulation reaches the case at all").isEqualTo(2);
    }

    private static SimulatedWorld settled(long seed, int nodes) {
        SimulatedWorld world = new SimulatedWorld(seed);
        world.declare("shop", HealthCheck.DEFAULT, nodes);
        world.observers(3);
        world.advance(Duration.ofSeconds(3));
        return world;
    }

    private static HealthCheck check(Duration interval, Duration timeout, int fall) {
        HealthCheck usual = HealthCheck.DEFAULT;
        return new HealthCheck(
                usual.type(),
                usual.path(),
                usual.expectedStatus(),
                usual.port(),
                usual.tlsVerify(),
                interval,
                timeout,
                usual.rise(),
                fall,
                usual.jitter());
    }
}
