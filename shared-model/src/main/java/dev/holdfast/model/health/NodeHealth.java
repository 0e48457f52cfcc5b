package dev.holdfast.model.health;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.Optional;

/**
 * The verdict on a node.
 *
 * @param decided what a quorum decided last; kept while the status is UNKNOWN, empty until a quorum has decided once
 * @param incarnation grows by one each time a quorum decides UNHEALTHY; a node that comes back is a new incarnation
 * @param since when the status changed, by the store's clock
 * @param reason the rule and the counts behind it, in words for people
 * @param version the revision that last changed it
 */
public record NodeHealth(
        NodeId node,
        HealthStatus status,
        Optional<HealthStatus> decided,
        long incarnation,
        Instant since,
        String reason,
        Revision version) {

    public NodeHealth {
        if (decided.filter(HealthStatus.UNKNOWN::equals).isPresent()) {
            throw new IllegalArgumentException("a quorum decides HEALTHY or UNHEALTHY, never UNKNOWN");
        }
    }

    /** Whether routing treats the node as healthy: the last decision of a quorum, also while the status is UNKNOWN. */
    public boolean routable() {
        return decided.filter(HealthStatus.HEALTHY::equals).isPresent();
    }

    public NodeHealth withVersion(Revision newVersion) {
        return new NodeHealth(node, status, decided, incarnation, since, reason, newVersion);
    }
}
