package dev.holdfast.health.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.health.NodeOpinion;
import dev.holdfast.model.health.Observer;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.health.Opinion;
import dev.holdfast.model.health.ProbeOutcome;
import dev.holdfast.model.health.ProbeResult;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class VerdictDeciderTest {

    private static final NodeId NODE = new NodeId("shop-1");

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    /** An observer as the store has it, with what it holds of the node. */
    record Voter(int number, int declared, boolean live, boolean isolated, Optional<Opinion> opinion) {

        ObserverId id() {
            return new ObserverId("health-" + number);
        }

        Observer observer() {
            return new Observer(id(), "zone", declared, isolated, NOW, live);
        }

        boolean votes() {
            return live && !isolated;
        }

        Optional<NodeOpinion> held() {
            return opinion.map(value -> new NodeOpinion(
                    id(), NODE, value, NOW, new ProbeResult(ProbeOutcome.SUCCESS, NOW, Duration.ZERO, "seen")));
        }
    }

    @Property
    void equalSnapshotsGiveEqualDecisionsInAnyOrder(
            @ForAll("voters") List<Voter> voters, @ForAll("verdicts") Optional<NodeHealth> current) {
        List<Voter> shuffled = new ArrayList<>(voters);
        Collections.shuffle(shuffled, new Random(7));
        assertThat(decide(shuffled, current)).isEqualTo(decide(voters, current));
    }

    @Property
    void decidesOnlyWithAQuorumOfVotingObserversThatAgree(
            @ForAll("voters") List<Voter> voters, @ForAll("verdicts") Optional<NodeHealth> current) {
        Optional<NodeHealth> change = decide(voters, current).change();
        long live = voters.stream().filter(Voter::live).count();
        long declared = voters.stream()
                .filter(Voter::live)
                .mapToInt(Voter::declared)
                .max()
                .orElse(1);
        long majority = Math.max(live, declared) / 2 + 1;
        change.map(NodeHealth::status).ifPresent(status -> {
            switch (status) {
                case HEALTHY -> assertThat(votes(voters, Opinion.UP)).isGreaterThanOrEqualTo(majority);
                case UNHEALTHY -> assertThat(votes(voters, Opinion.DOWN)).isGreaterThanOrEqualTo(majority);
                case UNKNOWN ->
                    assertThat(voters.stream().filter(Voter::votes).count()).isLessThan(majority);
            }
        });
    }

    @Property
    void opinionsOfTheDeadAndIsolatedDontCount(
            @ForAll("voters") List<Voter> voters, @ForAll("verdicts") Optional<NodeHealth> current) {
        List<Voter> reversed = voters.stream()
                .map(voter -> voter.votes()
                        ? voter
                        : new Voter(
                                voter.number(),
                                voter.declared(),
                                voter.live(),
                                voter.isolated(),
                                voter.opinion().map(VerdictDeciderTest::opposite)))
                .toList();
        assertThat(decide(reversed, current)).isEqualTo(decide(voters, current));
    }

    @Property
    void whatWasDecidedIsKeptWhileUnknown(
            @ForAll("voters") List<Voter> voters, @ForAll("verdicts") Optional<NodeHealth> current) {
        Optional<NodeHealth> change = decide(voters, current).change();
        change.filter(health -> health.status() == HealthStatus.UNKNOWN).ifPresent(health -> {
            assertThat(health.decided()).isEqualTo(current.flatMap(NodeHealth::decided));
            assertThat(health.routable())
                    .isEqualTo(current.map(NodeHealth::routable).orElse(false));
        });
    }

    @Property
    void incarnationsGrowByOneWithEachUnhealthyAndNeverElse(
            @ForAll("voters") List<Voter> voters, @ForAll("verdicts") Optional<NodeHealth> current) {
        long before = current.map(NodeHealth::incarnation).orElse(0L);
        decide(voters, current)
                .change()
                .ifPresent(health -> assertThat(health.incarnation())
                        .isEqualTo(before + (health.status() == HealthStatus.UNHEALTHY ? 1 : 0)));
    }

    @Property
    void aDecisionMadeIsNotMadeAgain(
            @ForAll("voters") List<Voter> voters, @ForAll("verdicts") Optional<NodeHealth> current) {
        Optional<NodeHealth> change = decide(voters, current).change();
        Optional<NodeHealth> after = change.or(() -> current);
        assertThat(decide(voters, after).change()).isEmpty();
        change.ifPresent(health -> assertThat(health.version())
                .isEqualTo(current.map(NodeHealth::version).orElse(Revision.NONE)));
    }

    @Example
    void twoOfThreeDecideAndOneDoesNot() {
        List<Voter> split = List.of(voter(1, Opinion.DOWN), voter(2, Opinion.UP), silent(3));
        assertThat(decide(split, Optional.empty()).change()).isEmpty();
        assertThat(decide(split, Optional.empty()).reason())
                .isEqualTo("no majority: 1 of 3 observers hold it UP, 1 DOWN; 2 must agree");
        List<Voter> agreed = List.of(voter(1, Opinion.DOWN), voter(2, Opinion.DOWN), silent(3));
        assertThat(decide(agreed, Optional.empty()).change())
                .map(NodeHealth::status)
                .contains(HealthStatus.UNHEALTHY);
    }

    @Example
    void twoOfThreeLostLeaveTheThirdWithoutAQuorum() {
        List<Voter> alone = List.of(
                voter(1, Opinion.DOWN),
                new Voter(2, 3, false, false, Optional.of(Opinion.DOWN)),
                new Voter(3, 3, true, true, Optional.of(Opinion.DOWN)));
        NodeHealth healthy = new NodeHealth(
                NODE, HealthStatus.HEALTHY, Optional.of(HealthStatus.HEALTHY), 4, NOW, "", new Revision(9));
        NodeHealth after = decide(alone, Optional.of(healthy)).change().orElseThrow();
        assertThat(after.status()).isEqualTo(HealthStatus.UNKNOWN);
        assertThat(after.routable()).isTrue();
        assertThat(after.reason()).isEqualTo("1 of 3 observers can vote, 2 are needed; the last decision is kept");
    }

    @Example
    void moreLiveObserversThanDeclaredRaiseTheQuorum() {
        List<Voter> undeclared = List.of(
                new Voter(1, 1, true, false, Optional.of(Opinion.DOWN)),
                new Voter(2, 1, true, false, Optional.of(Opinion.UP)),
                new Voter(3, 1, true, false, Optional.of(Opinion.UP)));
        assertThat(decide(undeclared, Optional.empty()).change())
                .map(NodeHealth::status)
                .contains(HealthStatus.HEALTHY);
    }

    @Provide
    Arbitrary<List<Voter>> voters() {
        Arbitrary<Voter> voter = Combinators.combine(
                        Arbitraries.integers().between(1, 7),
                        Arbitraries.of(1, 3, 5),
                        Arbitraries.frequencyOf(
                                net.jqwik.api.Tuple.of(4, Arbitraries.just(true)),
                                net.jqwik.api.Tuple.of(1, Arbitraries.just(false))),
                        Arbitraries.frequencyOf(
                                net.jqwik.api.Tuple.of(1, Arbitraries.just(true)),
                                net.jqwik.api.Tuple.of(4, Arbitraries.just(false))),
                        Arbitraries.of(Opinion.class).optional(0.8))
                .as(Voter::new);
        return voter.list().ofMaxSize(7).uniqueElements(Voter::number);
    }

    @Provide
    Arbitrary<Optional<NodeHealth>> verdicts() {
        return Combinators.combine(
                        Arbitraries.of(HealthStatus.class),
                        Arbitraries.of(HealthStatus.HEALTHY, HealthStatus.UNHEALTHY)
                                .optional(),
                        Arbitraries.longs().between(0, 5))
                .as((status, decided, incarnation) -> new NodeHealth(
                        NODE,
                        status,
                        status == HealthStatus.UNKNOWN ? decided : Optional.of(status),
                        incarnation,
                        NOW.minusSeconds(9),
                        "before",
                        new Revision(3)))
                .optional();
    }

    private static VerdictDecision decide(List<Voter> voters, Optional<NodeHealth> current) {
        return VerdictDecider.decide(new VerdictSnapshot(
                NODE,
                NOW,
                voters.stream().map(Voter::observer).toList(),
                voters.stream().flatMap(voter -> voter.held().stream()).toList(),
                current));
    }

    private static long votes(List<Voter> voters, Opinion opinion) {
        return voters.stream()
                .filter(Voter::votes)
                .filter(voter -> voter.opinion().filter(opinion::equals).isPresent())
                .count();
    }

    private static Opinion opposite(Opinion opinion) {
        return opinion == Opinion.UP ? Opinion.DOWN : Opinion.UP;
    }

    private static Voter voter(int number, Opinion opinion) {
        return new Voter(number, 3, true, false, Optional.of(opinion));
    }

    private static Voter silent(int number) {
        return new Voter(number, 3, true, false, Optional.empty());
    }
}
