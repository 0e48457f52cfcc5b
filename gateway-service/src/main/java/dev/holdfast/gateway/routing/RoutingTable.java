package dev.holdfast.gateway.routing;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Route;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which cluster a request belongs to, at one revision. A pure function of the {@link ClusterState}. */
public final class RoutingTable {

    public static final RoutingTable EMPTY =
            new RoutingTable(Revision.NONE, Map.of(), Collections.emptySortedMap(), new RouteIndex(new TreeMap<>()));

    private final Revision revision;
    private final Map<ClusterId, RoutedCluster> clusters;
    private final Map<NodeId, RoutedCluster> byNode = new HashMap<>();
    private final SortedMap<ClusterId, List<Route>> routes;
    private final RouteIndex index;

    private RoutingTable(
            Revision revision,
            Map<ClusterId, RoutedCluster> clusters,
            SortedMap<ClusterId, List<Route>> routes,
            RouteIndex index) {
        this.revision = revision;
        this.clusters = clusters;
        clusters.values().forEach(cluster -> cluster.nodes().forEach(node -> byNode.put(node, cluster)));
        this.routes = routes;
        this.index = index;
    }

    /** The table of {@code state}; what {@code previous} has in common with it is reused, and makes no difference else. */
    public static RoutingTable of(ClusterState state, RoutingTable previous) {
        Map<ClusterId, RoutedCluster> clusters = new HashMap<>();
        SortedMap<ClusterId, List<Route>> routes = new TreeMap<>();
        state.clusters().forEach((id, members) -> {
            RoutedCluster known = previous.clusters.get(id);
            clusters.put(id, known != null && known.stillIs(members) ? known : new RoutedCluster(members));
            routes.put(id, members.cluster().settings().routes());
        });
        RouteIndex index = routes.equals(previous.routes) ? previous.index : new RouteIndex(routes);
        return new RoutingTable(state.revision(), clusters, routes, index);
    }

    public Revision revision() {
        return revision;
    }

    /**
     * The cluster that serves the request: that of the longest matching prefix of the most exact host. Null when none does.
     *
     * @param host as in a Host header; empty when the request has none
     * @param path encoded, as received
     */
    public @Nullable RoutedCluster match(String host, String path) {
        ClusterId id = index.find(host, path);
        return id == null ? null : clusters.get(id);
    }

    public @Nullable RoutedCluster cluster(ClusterId id) {
        return clusters.get(id);
    }

    public Collection<RoutedCluster> clusters() {
        return clusters.values();
    }

    /** The cluster that has the node, whatever the node's state; null when none has. */
    public @Nullable RoutedCluster clusterOf(NodeId node) {
        return byNode.get(node);
    }
}
