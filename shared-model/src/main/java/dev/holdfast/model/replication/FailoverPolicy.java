package dev.holdfast.model.replication;

import java.time.Duration;

/**
 * How a cluster wants its primary replaced.
 *
 * @param synchronousStandbys how many standbys acknowledge each write in quorum durability; ignored in async
 * @param onCrash what to do when the primary's agent knows that PostgreSQL has exited
 * @param maximumLagOnFailover async: how much of the log, in bytes, may be lost without an operator's word
 */
public record FailoverPolicy(
        Durability durability,
        int synchronousStandbys,
        OnCrash onCrash,
        long maximumLagOnFailover,
        Timing timing,
        Flapping flapping) {

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
     * @param freshness up to which age a report tells what is
     * @param fence until enough standbys are detached, or a switchover's primary has stopped
     * @param promote until the candidate takes writes
     * @param verify until a write has been read back
     * @param recover until every node follows again, before that is left to the steady state
     * @param lease async: how long the primary may acknowledge without hearing from a controller
     * @param leaseMargin async: what is added before the lease counts as run out, for clocks of different speed
     */
    public record Timing(
            Duration freshness,
            Duration fence,
            Duration promote,
            Duration verify,
            Duration recover,
            Duration lease,
            Duration leaseMargin) {}

    /** More than {@code limit} automatic failovers within {@code window} need an operator's acknowledgement. */
    public record Flapping(int limit, Duration window) {}

    public FailoverPolicy {
        if (durability == Durability.QUORUM && synchronousStandbys < 1) {
            throw new IllegalArgumentException("quorum durability needs at least one synchronous standby");
        }
    }
}
