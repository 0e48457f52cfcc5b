package dev.holdfast.health.isolation;

import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.util.Optional;

/**
 * One node that this observer holds UP, or held UP until a moment ago. Times are on its monotonic clock.
 *
 * @param failingSince when its current run of failures that may be the path's fault began; empty when its last check
 *     succeeded or proved that the path works
 * @param answeringSince when its current run of answers began, which prove that the path works whatever they say; empty
 *     when it fails in doubt or hasn't been checked yet
 * @param checkedAt when its last finished check set out; empty before the first
 * @param window how recently a run of failures must have begun to be sudden: that of the settings, or longer for a node
 *     that is checked so rarely that its opinion takes longer to change
 */
public record Sight(
        NodeId node,
        Optional<Duration> failingSince,
        Optional<Duration> answeringSince,
        Optional<Duration> checkedAt,
        Duration window) {

    /** No cut of a network that mends by itself is expected to outlast this many windows. */
    private static final int LASTING_WINDOWS = 3;

    boolean failsSuddenly(Duration now) {
        return failingSince
                .filter(since -> now.minus(since).compareTo(window) <= 0)
                .isPresent();
    }

    /** Whether it has failed for so long, without a break, that it is likely lost. */
    public boolean failsLastingly(Duration now) {
        return isLasting(failingSince, now);
    }

    boolean answersLastingly(Duration now) {
        return isLasting(answeringSince, now);
    }

    private boolean isLasting(Optional<Duration> since, Duration now) {
        return since.filter(begun -> now.minus(begun).compareTo(window.multipliedBy(LASTING_WINDOWS)) > 0)
                .isPresent();
    }

    boolean checkedSince(Duration moment) {
        return checkedAt.filter(at -> at.compareTo(moment) >= 0).isPresent();
    }
}
