package dev.holdfast.health.evidence;

import dev.holdfast.health.opinion.OpinionRule;
import dev.holdfast.health.opinion.Standing;
import dev.holdfast.health.verdict.Tally;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.topology.HealthCheck;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The rule that makes a node healthy or not, put into words and times. */
final class HealthRule {

    private HealthRule() {}

    static String inWords(Tally tally, HealthCheck check, Standing standing) {
        return ("%d of %d observers must agree; one holds a node DOWN after %d failures in a row, checked every %s with a"
                        + " timeout of %s, and UP again after %s of nothing but successes, at least %d in a row")
                .formatted(
                        tally.quorum(),
                        tally.expected(),
                        check.fall(),
                        inWords(check.interval()),
                        inWords(check.timeout()),
                        inWords(OpinionRule.timeToProve(standing, check)),
                        OpinionRule.PROOF_CHECKS);
    }

    /**
     * The latest time by which the verdict changes if every check fails from now on, or succeeds when the node is
     * UNHEALTHY. Empty while no verdict stands.
     */
    static Optional<Instant> nextDeadline(HealthStatus status, Instant now, HealthCheck check, Standing standing) {
        return switch (status) {
            case HEALTHY ->
                Optional.of(
                        now.plus(check.interval().multipliedBy(check.fall())).plus(check.timeout()));
            case UNHEALTHY -> {
                // The last failing check may just have set out, and each check of the proof may take its whole timeout.
                Duration byChecks = check.timeout().multipliedBy(OpinionRule.PROOF_CHECKS);
                Duration proof = OpinionRule.timeToProve(standing, check);
                Duration longer = byChecks.compareTo(proof) > 0 ? byChecks : proof;
                yield Optional.of(now.plus(check.interval()).plus(longer).plus(check.timeout()));
            }
            case UNKNOWN -> Optional.empty();
        };
    }

    private static String inWords(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }
}
