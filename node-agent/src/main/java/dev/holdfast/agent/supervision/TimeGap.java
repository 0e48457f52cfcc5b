package dev.holdfast.agent.supervision;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Finds out from two looks at the clocks whether this process, its machine or its wall clock was stopped or moved. */
final class TimeGap {

    private TimeGap() {}

    /** What the clocks showed. */
    record Look(long nanos, Instant wall) {}

    /**
     * What happened between two looks.
     *
     * @param lasted how long nothing ran, by whichever clock went on
     * @param clockMovedBy how far the wall clock moved beyond the monotonic one
     */
    record Gap(Duration lasted, Duration clockMovedBy) {}

    /**
     * The gap between two looks; empty when there is none worth mention. A monotonic clock may stand still while a machine is
     * suspended; then only the wall clock shows it.
     */
    static Optional<Gap> between(Look before, Look now, Duration tolerance) {
        Duration monotonic = Duration.ofNanos(now.nanos() - before.nanos());
        Duration moved = Duration.between(before.wall(), now.wall()).minus(monotonic);
        Duration suspended = moved.isNegative() ? Duration.ZERO : moved;
        Duration lasted = monotonic.plus(suspended);
        boolean set = moved.abs().compareTo(tolerance) > 0;
        return lasted.compareTo(tolerance) > 0 || set ? Optional.of(new Gap(lasted, moved)) : Optional.empty();
    }
}
