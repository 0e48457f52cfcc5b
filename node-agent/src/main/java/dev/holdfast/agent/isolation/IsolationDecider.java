package dev.holdfast.agent.isolation;

import java.time.Duration;
import java.util.Optional;

/**
 * Decides whether a primary goes on. To make another node the primary, {@code n - k + 1} of its {@code n} synchronous standbys
 * have to be detached from it first. So while {@code k} of them still answer, nobody else has been promoted.
 */
public final class IsolationDecider {

    private IsolationDecider() {}

    /** What is to be done. */
    public enum Step {
        GO_ON,
        /** The doubt is over. */
        CONFIRM,
        /** End the clients' sessions, and keep them out until the doubt is over. */
        KEEP_CLIENTS_OUT,
        /** Stop the server. */
        FENCE
    }

    /**
     * Decides.
     *
     * @param isolation how long both the control plane and the standbys may be silent
     * @param confirmation how long after a freeze the first confirmation may take
     */
    public static Step decide(PrimarySituation now, Duration isolation, Duration confirmation) {
        if (now.required() < 1) {
            // Commits wait for nobody, so there is nobody to have lost, and nobody whose silence would prove anything.
            return now.awakeSince().isPresent() ? Step.CONFIRM : Step.GO_ON;
        }
        if (now.awakeSince().isPresent()) {
            return afterFreeze(now, now.awakeSince().get(), isolation, confirmation);
        }
        return isLost(now.controlHeard(), isolation) && isLost(now.quorumHeard(), isolation) ? Step.FENCE : Step.GO_ON;
    }

    /** Ages from before the freeze prove nothing, neither for nor against the node. */
    private static Step afterFreeze(PrimarySituation now, Duration awake, Duration isolation, Duration confirmation) {
        if (now.proven() || isYoungerThan(now.controlConfirmed(), awake)) {
            return Step.CONFIRM;
        }
        boolean controlSilent = !isYoungerThan(Optional.of(now.controlHeard()), awake);
        if (controlSilent && isLost(awake, isolation)) {
            return Step.FENCE;
        }
        return !now.closed() && isLost(awake, confirmation) ? Step.KEEP_CLIENTS_OUT : Step.GO_ON;
    }

    private static boolean isYoungerThan(Optional<Duration> age, Duration limit) {
        return age.filter(value -> value.compareTo(limit) < 0).isPresent();
    }

    private static boolean isLost(Optional<Duration> age, Duration limit) {
        return age.isEmpty() || isLost(age.get(), limit);
    }

    private static boolean isLost(Duration age, Duration limit) {
        return age.compareTo(limit) >= 0;
    }
}
