package dev.holdfast.health.opinion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.health.Opinion;
import dev.holdfast.model.health.ProbeOutcome;
import dev.holdfast.model.topology.HealthCheck;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class OpinionRuleTest {

    private static final HealthCheck CHECK = HealthCheck.DEFAULT;

    /** One observer's checks of one node, each as soon as the rule lets it. */
    private static final class Checks {

        Standing standing = Standing.NEW;
        Duration now = Duration.ZERO;
        int transitions;

        Checks see(ProbeOutcome outcome) {
            Duration started = now;
            standing = OpinionRule.after(standing, new Sighting(outcome, started, started.plusMillis(3)), CHECK);
            OpinionRule.due(standing, CHECK).ifPresent(opinion -> {
                standing = standing.holding(opinion);
                transitions++;
            });
            now = started.plus(OpinionRule.pause(standing, CHECK));
            return this;
        }

        Checks see(ProbeOutcome outcome, int times) {
            for (int i = 0; i < times; i++) {
                see(outcome);
            }
            return this;
        }

        /** Sees successes until the node is UP, and returns how long that took. */
        Duration untilUp() {
            Duration from = now;
            while (!standing.holds(Opinion.UP)) {
                see(ProbeOutcome.SUCCESS);
            }
            return now.minus(from);
        }
    }

    @Example
    void theFirstSuccessIsEnoughAtStart() {
        assertThat(new Checks().see(ProbeOutcome.SUCCESS).standing.opinion()).contains(Opinion.UP);
    }

    @Example
    void aNodeThatNeverAnsweredIsDownAfterFall() {
        Checks checks = new Checks().see(ProbeOutcome.REFUSED, 2);
        assertThat(checks.standing.opinion()).isEmpty();
        assertThat(checks.see(ProbeOutcome.REFUSED).standing.opinion()).contains(Opinion.DOWN);
    }

    @Property
    void fallFailuresInARowAreAlwaysDown(@ForAll @Size(max = 200) List<Boolean> before) {
        Checks checks = new Checks();
        before.forEach(success -> checks.see(success ? ProbeOutcome.SUCCESS : ProbeOutcome.TIMEOUT));
        Duration from = checks.now;
        checks.see(ProbeOutcome.TIMEOUT, CHECK.fall());
        assertThat(checks.standing.opinion()).contains(Opinion.DOWN);
        assertThat(checks.now.minus(from)).isLessThanOrEqualTo(CHECK.interval().multipliedBy(CHECK.fall()));
    }

    @Property
    void anOpinionOnlyChangesWithTheRunThatJustifiesIt(@ForAll @Size(max = 300) List<Boolean> outcomes) {
        Checks checks = new Checks();
        for (boolean success : outcomes) {
            Standing before = checks.standing;
            checks.see(success ? ProbeOutcome.SUCCESS : ProbeOutcome.REFUSED);
            int run = checks.standing.run().orElseThrow().length();
            if (before.holds(Opinion.UP) && checks.standing.holds(Opinion.DOWN)) {
                assertThat(run).isEqualTo(CHECK.fall());
            }
            if (before.holds(Opinion.DOWN) && checks.standing.holds(Opinion.UP)) {
                assertThat(run).isGreaterThanOrEqualTo(OpinionRule.PROOF_CHECKS);
            }
            assertThat(checks.standing.flapping()).isBetween(0, OpinionRule.MAX_FLAPPING);
        }
    }

    @Example
    void aNodeThatIsBackAfterACleanFailureIsUpAfterRiseIntervals() {
        Checks checks = new Checks().see(ProbeOutcome.SUCCESS, 100).see(ProbeOutcome.REFUSED, 10);
        assertThat(checks.untilUp()).isBetween(Duration.ofSeconds(2), Duration.ofMillis(3_100));
    }

    @Example
    void eachFailureSoonAfterItWasBackDoublesTheTimeToProve() {
        Checks checks = new Checks().see(ProbeOutcome.SUCCESS, 100);
        Duration last = Duration.ZERO;
        for (int i = 0; i < 4; i++) {
            checks.see(ProbeOutcome.REFUSED, 3);
            Duration now = OpinionRule.timeToProve(checks.standing, CHECK);
            assertThat(now).isGreaterThan(last);
            last = now;
            checks.untilUp();
        }
        checks.see(ProbeOutcome.SUCCESS, 300).see(ProbeOutcome.REFUSED, 3);
        assertThat(OpinionRule.timeToProve(checks.standing, CHECK)).isEqualTo(Duration.ofSeconds(2));
    }

    @Example
    void theTimeToProveIsCapped() {
        Checks checks = new Checks();
        for (int i = 0; i < 50; i++) {
            checks.see(ProbeOutcome.SUCCESS).see(ProbeOutcome.REFUSED);
        }
        assertThat(OpinionRule.timeToProve(checks.standing, CHECK)).isEqualTo(Duration.ofSeconds(32));
    }

    @Example
    void aNodeProvingItselfIsCheckedMoreOftenAndNoOther() {
        Checks checks = new Checks().see(ProbeOutcome.SUCCESS);
        assertThat(OpinionRule.pause(checks.standing, CHECK)).isEqualTo(Duration.ofSeconds(1));
        checks.see(ProbeOutcome.REFUSED, 3);
        assertThat(OpinionRule.pause(checks.standing, CHECK)).isEqualTo(Duration.ofSeconds(1));
        checks.see(ProbeOutcome.SUCCESS);
        assertThat(OpinionRule.pause(checks.standing, CHECK)).isEqualTo(Duration.ofMillis(125));
    }

    @Example
    void aCoinTossRarelyLooksRecovered() {
        int transitionsInAll = 0;
        for (int seed = 0; seed < 10_000; seed++) {
            Random coin = new Random(seed);
            Checks checks = new Checks().see(ProbeOutcome.SUCCESS, 60);
            Duration end = checks.now.plusSeconds(60);
            while (checks.now.compareTo(end) < 0) {
                checks.see(coin.nextBoolean() ? ProbeOutcome.SUCCESS : ProbeOutcome.TIMEOUT);
            }
            transitionsInAll += checks.transitions - 1;
        }
        assertThat(transitionsInAll).as("one fall a seed, and hardly ever more").isLessThanOrEqualTo(10_010);
    }

    @Example
    void oneCertainFailureTakesTheDoubtOutOfARun() {
        Checks checks = new Checks().see(ProbeOutcome.SUCCESS).see(ProbeOutcome.TIMEOUT);
        assertThat(checks.standing.isFailingInDoubt()).isTrue();
        assertThat(checks.see(ProbeOutcome.REFUSED).standing.isFailingInDoubt()).isFalse();
        assertThat(checks.see(ProbeOutcome.TIMEOUT).standing.isFailingInDoubt()).isFalse();
    }
}
