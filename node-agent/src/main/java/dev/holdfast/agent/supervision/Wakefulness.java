package dev.holdfast.agent.supervision;

import dev.holdfast.agent.supervision.TimeGap.Gap;
import dev.holdfast.agent.supervision.TimeGap.Look;
import dev.holdfast.api.agent.AgentReport.Freeze;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether the agent has been away, and whether what it believed before still counts. Everybody looks here before doing
 * anything, so that the first to run after a freeze notices it. Safe for use by several threads.
 */
public final class Wakefulness {

    private static final Logger log = LoggerFactory.getLogger(Wakefulness.class);

    private final LongSupplier nanoClock;
    private final InstantSource clock;
    private final Duration tolerance;
    private Look last;
    private Optional<Freeze> lastFreeze = Optional.empty();
    private OptionalLong doubtfulSince;
    private long freezes;

    public Wakefulness(LongSupplier nanoClock, InstantSource clock, Duration tolerance) {
        this.nanoClock = nanoClock;
        this.clock = clock;
        this.tolerance = tolerance;
        this.last = now();
        this.doubtfulSince = OptionalLong.of(last.nanos()); // What was before this process began is unknown to it.
    }

    /** Looks at the clocks. From a gap on the node's role is in doubt until {@link #confirm}. */
    public synchronized void look() {
        Look now = now();
        Optional<Gap> gap = TimeGap.between(last, now, tolerance);
        last = now;
        if (gap.isPresent()) {
            freezes++;
            lastFreeze = Optional.of(
                    new Freeze(now.wall(), gap.get().lasted(), gap.get().clockMovedBy()));
            doubtfulSince = OptionalLong.of(now.nanos());
            log.warn(
                    "nothing ran here for {}, the wall clock moved by {} more",
                    gap.get().lasted(),
                    gap.get().clockMovedBy());
        }
    }

    /** Looks, and says whether the role is in doubt. */
    public synchronized boolean isDoubtful() {
        look();
        return doubtfulSince.isPresent();
    }

    /** Looks, and says since when, on the monotonic clock, the role is in doubt. */
    public synchronized OptionalLong doubtfulSince() {
        look();
        return doubtfulSince;
    }

    /** Ends the doubt, unless there is a newer one than that from {@code since}. */
    public synchronized void confirm(long since) {
        if (doubtfulSince.isPresent() && doubtfulSince.getAsLong() == since) {
            doubtfulSince = OptionalLong.empty();
        }
    }

    /** How many gaps there were since the agent started. */
    public synchronized long freezes() {
        return freezes;
    }

    public synchronized Optional<Freeze> lastFreeze() {
        return lastFreeze;
    }

    private Look now() {
        return new Look(nanoClock.getAsLong(), clock.instant());
    }
}
