package dev.holdfast.gateway.control.status;

import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.topology.NodeId;
import java.util.Optional;

/**
 * The primary of a cluster as the status page shows it.
 *
 * @param paused of this cluster alone
 */
record PrimaryStatus(FailoverPhase phase, long epoch, NodeId primary, Optional<ClusterPrimary.Pause> paused) {

    static PrimaryStatus of(ClusterPrimary known) {
        return new PrimaryStatus(
                known.record().phase(),
                known.record().number().epoch(),
                known.record().reign().primary(),
                known.paused());
    }
}
