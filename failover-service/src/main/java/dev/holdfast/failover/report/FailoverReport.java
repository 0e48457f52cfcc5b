package dev.holdfast.failover.report;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One failover or switchover, as the journal has it.
 *
 * @param id the cluster and the epoch in which it began
 * @param kind AUTOMATIC_FAILOVER, MANUAL_FAILOVER or SWITCHOVER, as it was begun
 * @param operation its kind and why it was begun
 * @param startedBy an operator, or failover-service
 * @param former the primary before
 * @param primary the one after; empty while there is none, and when it was given up
 * @param attempts how often candidates were sought; more than one when a promotion failed
 * @param suspectedAt when the loss was noticed; empty for what an operator asked for
 * @param loss what may have been lost: nothing, or a bound in words
 * @param phases how long each took, in the order in which they came
 * @param outage from the suspicion, or the start, until enough standbys followed for writes to be acknowledged again; empty
 *     while they don't
 * @param revisions the journal's events about it
 */
public record FailoverReport(
        String id,
        ClusterId cluster,
        State state,
        String kind,
        String operation,
        String startedBy,
        NodeId former,
        Optional<NodeId> primary,
        int attempts,
        Optional<Instant> suspectedAt,
        Instant startedAt,
        Optional<Instant> endedAt,
        Optional<String> loss,
        List<Phase> phases,
        Optional<Duration> outage,
        List<Long> revisions) {

    public FailoverReport {
        phases = List.copyOf(phases);
        revisions = List.copyOf(revisions);
    }

    /** The first revision about it, which no other failover has. */
    Revision began() {
        return new Revision(revisions.getFirst());
    }

    /** The newest revision about it. */
    Revision newest() {
        return new Revision(revisions.getLast());
    }

    /** How it stands. */
    public enum State {
        RUNNING,
        /** It waits for an operator, or for what it lacks. */
        BLOCKED,
        COMPLETED,
        CANCELLED,
        GIVEN_UP
    }

    /**
     * A part of it.
     *
     * @param name detect, fence, promote, route, verify or recover
     * @param took from this part's first event to the next part's
     */
    public record Phase(String name, Instant began, Optional<Duration> took) {}
}
