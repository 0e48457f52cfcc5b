package dev.holdfast.model.replication;

import static java.util.Objects.requireNonNullElse;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * How a cluster wants its primary replaced. Absent members take the defaults.
 *
 * @param durability default {@code QUORUM}
 * @param synchronousStandbys how many standbys acknowledge each write in quorum durability, at least 1; ignored in async;
 *     default 1
 * @param onCrash what to do when the primary's agent knows that PostgreSQL has exited; default {@code FAIL_OVER}
 * @param maximumLagOnFailover async: how much of the log, in bytes, may be lost without an operator's word; default
 *     1048576 (1 MiB)
 */
public record FailoverPolicy(
        Durability durability,
        @Min(1) @Max(50) Integer synchronousStandbys,
        OnCrash onCrash,
        @Min(0) Long maximumLagOnFailover,
        @Valid Timing timing,
        @Valid Flapping flapping) {

    public static final FailoverPolicy DEFAULT =
            new FailoverPolicy(Durability.QUORUM, 1, OnCrash.FAIL_OVER, 1L << 20, Timing.DEFAULT, Flapping.DEFAULT);

    /** What an acknowledged write may rely on. */
    public enum Durability {
        QUORUM,
        ASYNC
    }

    public enum OnCrash {
        /** Start PostgreSQL again where it was; fail over when observers agree that it stays away. */
        RESTART,
        /** Fail over at once when enough synchronous standbys are ready, else restart. */
        FAIL_OVER
    }

    /**
     * How long each thing may take.
     *
     * @param freshness up to which age a report tells what is; default 1 s
     * @param fence until enough standbys are detached, or a switchover's primary has stopped; default 10 s
     * @param promote until the candidate takes writes; default 10 s
     * @param verify until a write has been read back; default 10 s
     * @param recover until every node follows again, before that is left to the steady state; default 5 min
     * @param lease async: how long the primary may acknowledge without hearing from a controller; default 10 s
     * @param leaseMargin async: what is added before the lease counts as run out, for clocks of different speed; default 1 s
     */
    public record Timing(
            @DurationMin(millis = 100) @DurationMax(minutes = 1)
            Duration freshness,

            @DurationMin(millis = 100) @DurationMax(minutes = 10)
            Duration fence,

            @DurationMin(millis = 100) @DurationMax(minutes = 10)
            Duration promote,

            @DurationMin(millis = 100) @DurationMax(minutes = 10)
            Duration verify,

            @DurationMin(millis = 100) @DurationMax(hours = 24)
            Duration recover,

            @DurationMin(seconds = 1) @DurationMax(minutes = 10)
            Duration lease,

            @DurationMin(millis = 100) @DurationMax(minutes = 1)
            Duration leaseMargin) {

        public static final Timing DEFAULT = new Timing(
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1));

        public Timing {
            freshness = requireNonNullElse(freshness, Duration.ofSeconds(1));
            fence = requireNonNullElse(fence, Duration.ofSeconds(10));
            promote = requireNonNullElse(promote, Duration.ofSeconds(10));
            verify = requireNonNullElse(verify, Duration.ofSeconds(10));
            recover = requireNonNullElse(recover, Duration.ofMinutes(5));
            lease = requireNonNullElse(lease, Duration.ofSeconds(10));
            leaseMargin = requireNonNullElse(leaseMargin, Duration.ofSeconds(1));
        }
    }

    /**
     * More than {@code limit} automatic failovers within {@code window} need an operator's acknowledgement.
     *
     * @param limit default 3
     * @param window default 1 h
     */
    public record Flapping(
            @Min(1) @Max(1000) Integer limit,

            @DurationMin(seconds = 1) @DurationMax(hours = 24 * 7)
            Duration window) {

        public static final Flapping DEFAULT = new Flapping(3, Duration.ofHours(1));

        public Flapping {
            limit = requireNonNullElse(limit, 3);
            window = requireNonNullElse(window, Duration.ofHours(1));
        }
    }

    public FailoverPolicy {
        durability = requireNonNullElse(durability, Durability.QUORUM);
        synchronousStandbys = requireNonNullElse(synchronousStandbys, 1);
        onCrash = requireNonNullElse(onCrash, OnCrash.FAIL_OVER);
        maximumLagOnFailover = requireNonNullElse(maximumLagOnFailover, 1L << 20);
        timing = requireNonNullElse(timing, Timing.DEFAULT);
        flapping = requireNonNullElse(flapping, Flapping.DEFAULT);
    }
}
