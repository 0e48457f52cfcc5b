package dev.holdfast.model.topology;

import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.Revision;
import java.util.Map;
import java.util.Optional;

/**
 * One member of a cluster.
 *
 * @param weight its share of traffic relative to its peers, 0 to 1000; 0 takes none
 * @param synchronisedIn the incarnation of the node (see {@link NodeHealth#incarnation()}) in which it was last found
 *     synchronised; empty while it joins
 * @param version the revision that last changed it
 */
public record Node(
        NodeId id,
        ClusterId cluster,
        RegionId region,
        ZoneId zone,
        Endpoint address,
        int weight,
        FailoverTraits failover,
        Map<String, String> labels,
        AdminState adminState,
        Optional<Long> synchronisedIn,
        Revision version) {

    public static final int DEFAULT_WEIGHT = 1;

    public static final int MAX_WEIGHT = 1000;

    public Node {
        labels = Map.copyOf(labels);
        if (weight < 0 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException("a weight is between 0 and " + MAX_WEIGHT + ", not " + weight);
        }
    }

    /**
     * Whether the node may take traffic as far as synchronisation goes. With a hook, every return from UNHEALTHY is a
     * new incarnation that has to be synchronised again; without one, having joined once is enough.
     */
    public NodePhase phase(ClusterSettings settings, Optional<NodeHealth> health) {
        if (synchronisedIn.isEmpty()) {
            return NodePhase.SYNCHRONISING;
        }
        long incarnation = health.map(NodeHealth::incarnation).orElse(0L);
        boolean current = settings.synchronisation().isEmpty() || synchronisedIn.get() == incarnation;
        return current ? NodePhase.SERVING : NodePhase.SYNCHRONISING;
    }

    /** Whether routing may send it requests: enabled, synchronised, of some weight, and healthy by the last decision of a quorum. */
    public boolean takesTraffic(ClusterSettings settings, Optional<NodeHealth> health) {
        return adminState == AdminState.ENABLED
                && weight > 0
                && phase(settings, health) == NodePhase.SERVING
                && health.map(NodeHealth::routable).orElse(false);
    }

    /** The node in {@code state}. One that leaves maintenance may have become another meanwhile and has to join anew. */
    public Node administered(AdminState state) {
        Node changed = withAdminState(state);
        return adminState == AdminState.MAINTENANCE && state != AdminState.MAINTENANCE
                ? changed.withSynchronisedIn(Optional.empty())
                : changed;
    }

    public Node withAdminState(AdminState newState) {
        return new Node(
                id, cluster, region, zone, address, weight, failover, labels, newState, synchronisedIn, version);
    }

    public Node withSynchronisedIn(Optional<Long> incarnation) {
        return new Node(id, cluster, region, zone, address, weight, failover, labels, adminState, incarnation, version);
    }

    public Node withVersion(Revision newVersion) {
        return new Node(
                id, cluster, region, zone, address, weight, failover, labels, adminState, synchronisedIn, newVersion);
    }
}
