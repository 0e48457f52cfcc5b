package dev.holdfast.gateway.ejection;

import dev.holdfast.gateway.routing.RoutedCluster;
import dev.holdfast.gateway.routing.RoutingTable;
import dev.holdfast.gateway.routing.Target;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The ejections of all clusters. Safe for use by many threads; successes, by far the most calls, take no lock. */
public final class Ejections {

    private final Map<ClusterId, ClusterEjections> clusters = new ConcurrentHashMap<>();
    private final InstantSource clock;
    private final LongSupplier nanoClock;

    public Ejections(InstantSource clock, LongSupplier nanoClock) {
        this.clock = clock;
        this.nanoClock = nanoClock;
    }

    /** The nodes ejected now. The same instance is returned until one is ejected or returns. */
    public EjectedNodes of(ClusterId cluster) {
        ClusterEjections ejections = clusters.get(cluster);
        return ejections == null ? EjectedNodes.NONE : ejections.at(nanoClock.getAsLong());
    }

    /** The node has answered a request with something else than a gateway failure. */
    public void succeeded(ClusterId cluster, NodeId node) {
        ClusterEjections ejections = clusters.get(cluster);
        if (ejections != null) {
            ejections.succeeded(node);
        }
    }

    /**
     * The node has failed a request.
     *
     * @return whether it was ejected for that
     */
    public boolean failed(RoutedCluster cluster, NodeId node) {
        return clusters.computeIfAbsent(cluster.id(), ClusterEjections::new)
                .failed(cluster, node, clock.instant(), nanoClock.getAsLong());
    }

    /**
     * Ends the ejections of nodes that the observers have found healthy again or that serve again, and forgets those of
     * nodes that are gone or have moved to another address.
     */
    public void tableChanged(RoutingTable before, RoutingTable now) {
        clusters.forEach((id, ejections) -> {
            RoutedCluster cluster = now.cluster(id);
            if (cluster == null) {
                clusters.remove(id);
                return;
            }
            RoutedCluster earlier = before.cluster(id);
            if (cluster != earlier) {
                ejections.forget(node -> !cluster.nodes().contains(node) || startsAnew(node, earlier, cluster));
            }
        });
    }

    private static boolean startsAnew(NodeId node, @Nullable RoutedCluster earlier, RoutedCluster now) {
        Target before = earlier == null ? null : earlier.serving(node);
        Target current = now.serving(node);
        if (current == null) {
            return false;
        }
        if (before == null) {
            // One that was drained, or had to be synchronised again, did not serve meanwhile.
            return true;
        }
        boolean recovered = !before.healthy() && current.healthy();
        return recovered || !before.address().equals(current.address());
    }
}
