package dev.holdfast.model.replication;

import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that the store holds of a cluster's primary. Changed by compare-and-set on its {@link #number()}.
 *
 * @param since when the phase was entered
 * @param blocked why nothing is done; present exactly in {@code BLOCKED}
 * @param doubtful nodes that may hold another timeline of the same number as the primary's; they are cloned before they count again
 * @param failovers when the newest automatic failovers began, oldest first
 * @param notBefore until when no other failover begins by itself, after one had to be given up
 */
public record PrimaryRecord(
        OrderNumber number,
        FailoverPhase phase,
        Instant since,
        Reign reign,
        Optional<Handover> handover,
        Optional<Refusal> blocked,
        Set<NodeId> doubtful,
        List<Instant> failovers,
        Instant notBefore) {

    public PrimaryRecord {
        doubtful = Set.copyOf(doubtful);
        failovers = List.copyOf(failovers);
        if (blocked.isPresent() != (phase == FailoverPhase.BLOCKED)) {
            throw new IllegalArgumentException(
                    "a reason belongs to BLOCKED, and only to it: " + phase + ", " + blocked);
        }
    }

    /** The record of a cluster whose primary runs with these settings, none of which are proven yet. */
    public static PrimaryRecord initial(NodeId primary, int timeline, Synchronous wanted, Instant now) {
        return new PrimaryRecord(
                new OrderNumber(1, 1),
                FailoverPhase.STEADY,
                now,
                new Reign(
                        primary,
                        true,
                        List.of(new Reign.TimelineStart(timeline, Lsn.ZERO)),
                        timeline,
                        timeline,
                        Synchronous.NONE,
                        wanted,
                        1,
                        Optional.empty()),
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                List.of(),
                Instant.EPOCH);
    }

    public PrimaryRecord at(OrderNumber next) {
        return new PrimaryRecord(next, phase, since, reign, handover, blocked, doubtful, failovers, notBefore);
    }

    public PrimaryRecord in(FailoverPhase next, Instant now, Optional<Refusal> reason) {
        return new PrimaryRecord(number, next, now, reign, handover, reason, doubtful, failovers, notBefore);
    }

    public PrimaryRecord with(Reign next) {
        return new PrimaryRecord(number, phase, since, next, handover, blocked, doubtful, failovers, notBefore);
    }

    public PrimaryRecord with(Optional<Handover> next) {
        return new PrimaryRecord(number, phase, since, reign, next, blocked, doubtful, failovers, notBefore);
    }

    public PrimaryRecord withDoubtful(Set<NodeId> next) {
        return new PrimaryRecord(number, phase, since, reign, handover, blocked, next, failovers, notBefore);
    }

    public PrimaryRecord withFailovers(List<Instant> next) {
        return new PrimaryRecord(number, phase, since, reign, handover, blocked, doubtful, next, notBefore);
    }

    public PrimaryRecord withNotBefore(Instant next) {
        return new PrimaryRecord(number, phase, since, reign, handover, blocked, doubtful, failovers, next);
    }
}
