package dev.holdfast.api;

import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.topology.NodeId;
import java.util.Optional;

/**
 * How it stands with the primary of a cluster.
 *
 * @param phase {@code STEADY} unless something is being done about the primary
 * @param epoch grows whenever the primary may change
 * @param primary the only node that may be the primary in this epoch
 * @param paused who has paused automatic failover, and why; empty while it isn't
 */
public record PrimaryView(FailoverPhase phase, long epoch, NodeId primary, Optional<ClusterPrimary.Pause> paused) {

    public static PrimaryView of(ClusterPrimary known) {
        PrimaryRecord record = known.record();
        return new PrimaryView(
                record.phase(), record.number().epoch(), record.reign().primary(), known.paused());
    }
}
