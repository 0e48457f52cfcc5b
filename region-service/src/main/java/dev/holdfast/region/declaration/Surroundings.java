package dev.holdfast.region.declaration;

import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Region;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.Route;
import dev.holdfast.model.topology.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is declared already, as far as another declaration can collide with it.
 *
 * @param zones of each region
 * @param routes which cluster has which route
 * @param listeners which cluster has which port at the gateways
 * @param nodes which cluster has which node
 */
public record Surroundings(
        Map<RegionId, List<ZoneId>> zones,
        Map<RouteKey, ClusterId> routes,
        Map<Integer, ClusterId> listeners,
        Map<NodeId, ClusterId> nodes) {

    public Surroundings {
        zones = Map.copyOf(zones);
        routes = Map.copyOf(routes);
        listeners = Map.copyOf(listeners);
        nodes = Map.copyOf(nodes);
    }

    public static Surroundings of(List<Region> regions, List<Cluster> clusters, List<Node> nodes) {
        Map<RegionId, List<ZoneId>> zones = new HashMap<>();
        regions.forEach(region -> zones.put(region.id(), region.zones()));
        Map<RouteKey, ClusterId> routes = new HashMap<>();
        clusters.forEach(
                cluster -> cluster.settings().routes().forEach(route -> routes.put(RouteKey.of(route), cluster.id())));
        Map<Integer, ClusterId> listeners = new HashMap<>();
        clusters.forEach(cluster -> cluster.settings()
                .postgresql()
                .ifPresent(postgresql ->
                        postgresql.listeners().ports().forEach(port -> listeners.put(port, cluster.id()))));
        Map<NodeId, ClusterId> owners = new HashMap<>();
        nodes.forEach(node -> owners.put(node.id(), node.cluster()));
        return new Surroundings(zones, routes, listeners, owners);
    }

    /** What makes two routes the same: {@code /shop} and {@code /shop/} match the same requests. */
    public record RouteKey(String host, String pathPrefix) {

        public static RouteKey of(Route route) {
            String prefix = route.pathPrefix();
            return new RouteKey(route.host(), prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix);
        }
    }
}
