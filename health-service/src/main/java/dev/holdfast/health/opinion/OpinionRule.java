package dev.holdfast.health.opinion;

import dev.holdfast.health.opinion.Standing.Run;
import dev.holdfast.model.health.Opinion;
import dev.holdfast.model.topology.HealthCheck;
import java.time.Duration;
import java.util.Optional;

/**
 * How checks become an opinion.
 *
 * <p><b>Down is fast.</b> {@code fall} failures in a row make a node DOWN, whatever went before, so that detection is
 * bounded by {@code fall × interval + timeout}. <b>Up is proven.</b> At start the first success is enough. A node held DOWN
 * has to answer every check for {@code rise × interval}, and while it does so it is checked eight times as often: at
 * least {@link #PROOF_CHECKS} successes in a row. So a node that fails half its checks at random looks recovered once
 * in 2^16 tries rather than once in 4, and one that is really back is in use after two seconds with the defaults.
 *
 * <p><b>Flapping costs patience.</b> A failure that ends a recovery younger than {@link #CALM_INTERVALS}
 * intervals doubles the time to prove, up to {@link #MAX_RISE_INTERVALS} intervals; each that many intervals of
 * unbroken success take one doubling off again. This covers what more checks cannot: a node that is well and ill for seconds at a time.
 */
public final class OpinionRule {

    /** Makes a recovery by chance of a node that fails every second check rarer than 1 in 65,000. */
    public static final int PROOF_CHECKS = 16;

    /** How much more often a node is checked while it proves that it is back. */
    private static final int PROOF_RATE = 8;

    /** Checks come no closer than this, however short the interval. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(25);

    /** A run of successes this many intervals long is no longer part of any flapping. */
    public static final int CALM_INTERVALS = 30;

    /** Doublings of the time to prove. */
    public static final int MAX_FLAPPING = 4;

    /** The longest that flapping makes a node wait, unless its own {@code rise} is longer. */
    private static final int MAX_RISE_INTERVALS = 32;

    private OpinionRule() {}

    /** The standing after one more check. The opinion is as before: see {@link #due}. */
    public static Standing after(Standing before, Sighting sighting, HealthCheck check) {
        boolean failing = !sighting.outcome().isSuccess();
        boolean inDoubt = sighting.outcome().isPathInDoubt();
        Optional<Run> run = before.run();
        if (run.filter(same -> same.failing() == failing).isPresent()) {
            Run longer = run.get();
            Run newest = new Run(
                    failing,
                    longer.length() + 1,
                    longer.since(),
                    sighting.endedAt(),
                    longer.pathInDoubt() && inDoubt,
                    longer.recovery());
            return new Standing(before.opinion(), Optional.of(newest), before.flapping());
        }
        int flapping = failing && run.isPresent() ? afterBreak(before.flapping(), run.get(), check) : before.flapping();
        boolean recovery =
                !failing && run.filter(failures -> failures.length() > 0).isPresent();
        Run first = new Run(failing, 1, sighting.startedAt(), sighting.endedAt(), inDoubt, recovery);
        return new Standing(before.opinion(), Optional.of(first), flapping);
    }

    /** The opinion that the checks justify and that is not held yet, if there is one. */
    public static Optional<Opinion> due(Standing standing, HealthCheck check) {
        if (standing.run().isEmpty()) {
            return Optional.empty();
        }
        Run run = standing.run().get();
        if (run.failing()) {
            boolean fallen = run.length() >= check.fall() && !standing.holds(Opinion.DOWN);
            return fallen ? Optional.of(Opinion.DOWN) : Optional.empty();
        }
        if (standing.holds(Opinion.UP)) {
            return Optional.empty();
        }
        boolean risen = standing.opinion().isEmpty()
                || (run.length() >= PROOF_CHECKS && run.age().compareTo(timeToProve(standing, check)) >= 0);
        return risen ? Optional.of(Opinion.UP) : Optional.empty();
    }

    /** How long a DOWN node has to answer every check before it is UP. */
    public static Duration timeToProve(Standing standing, HealthCheck check) {
        int intervals = Math.min(check.rise() << standing.flapping(), Math.max(check.rise(), MAX_RISE_INTERVALS));
        return check.interval().multipliedBy(intervals);
    }

    /** The longest pause from the start of one check to the start of the next. */
    public static Duration pause(Standing standing, HealthCheck check) {
        boolean proving = standing.holds(Opinion.DOWN)
                && standing.run().filter(run -> !run.failing()).isPresent();
        if (!proving) {
            return check.interval();
        }
        Duration quick = check.interval().dividedBy(PROOF_RATE);
        Duration floored = quick.compareTo(SHORTEST_PAUSE) > 0 ? quick : SHORTEST_PAUSE;
        return floored.compareTo(check.interval()) < 0 ? floored : check.interval();
    }

    private static int afterBreak(int flapping, Run successes, HealthCheck check) {
        long calmSpells = successes.age().dividedBy(check.interval().multipliedBy(CALM_INTERVALS));
        return calmSpells == 0 && successes.recovery()
                ? Math.min(flapping + 1, MAX_FLAPPING)
                : (int) Math.max(0, flapping - calmSpells);
    }
}
