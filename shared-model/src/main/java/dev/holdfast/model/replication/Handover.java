package dev.holdfast.model.replication;

import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.Optional;

/**
 * The failover or switchover that runs.
 *
 * @param former the primary when it began
 * @param target whom the operator wants, if anybody
 * @param allowDataLoss the operator's reason for promoting without proof, for this one operation
 * @param lastTried the candidate that did not become primary in time
 */
public record Handover(
        Kind kind,
        NodeId former,
        Instant startedAt,
        String cause,
        Optional<NodeId> target,
        Optional<String> allowDataLoss,
        Optional<NodeId> lastTried) {

    public enum Kind {
        AUTOMATIC_FAILOVER,
        MANUAL_FAILOVER,
        SWITCHOVER
    }

    public Handover tried(NodeId candidate) {
        // The switchover's primary has been replaced as far as the record goes: from here on it is a failover.
        Kind next = kind == Kind.SWITCHOVER ? Kind.MANUAL_FAILOVER : kind;
        return new Handover(next, former, startedAt, cause, Optional.empty(), allowDataLoss, Optional.of(candidate));
    }
}
