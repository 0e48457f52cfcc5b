package dev.holdfast.gateway.routing;

import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Balancing;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.ClusterSettings;
import dev.holdfast.model.topology.Ejection;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.FailoverTraits;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Redundancy;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.Retries;
import dev.holdfast.model.topology.Route;
import dev.holdfast.model.topology.ZoneId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Cluster states for tests of routing, balancing and ejection. */
public final class TestClusters {

    private TestClusters() {}

    public static ClusterSettings settings(Balancing balancing, Ejection ejection, Route... routes) {
        return new ClusterSettings(
                Redundancy.ACTIVE_ACTIVE,
                List.of(routes),
                HealthCheck.DEFAULT,
                balancing,
                Retries.DEFAULT,
                ejection,
                Duration.ofSeconds(30),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public static Node node(String id, String zone, int weight, AdminState state) {
        return new Node(
                new NodeId(id),
                new ClusterId("c"),
                new RegionId("r"),
                new ZoneId(zone),
                new Endpoint("127.0.0.1", 8080),
                weight,
                FailoverTraits.DEFAULT,
                Map.of(),
                state,
                Optional.of(0L),
                Revision.NONE);
    }

    public static NodeHealth health(NodeId node, boolean healthy) {
        HealthStatus status = healthy ? HealthStatus.HEALTHY : HealthStatus.UNHEALTHY;
        return new NodeHealth(node, status, Optional.of(status), 0, Instant.EPOCH, "test", Revision.NONE);
    }

    public static ClusterState.Members members(ClusterSettings settings, List<Node> nodes, List<NodeHealth> health) {
        Map<NodeId, NodeHealth> byNode = new HashMap<>();
        health.forEach(verdict -> byNode.put(verdict.node(), verdict));
        return new ClusterState.Members(
                new Cluster(new ClusterId("c"), settings, Revision.NONE), nodes, byNode, Optional.empty());
    }

    /** A cluster of {@code size} enabled nodes {@code n0}, {@code n1}, …, of which the first {@code healthy} are healthy. */
    public static RoutedCluster cluster(ClusterSettings settings, int size, int healthy) {
        List<Node> nodes = IntStream.range(0, size)
                .mapToObj(i -> node("n" + i, i % 2 == 0 ? "a" : "b", 1, AdminState.ENABLED))
                .toList();
        return new RoutedCluster(members(
                settings,
                nodes,
                IntStream.range(0, size)
                        .mapToObj(i -> health(nodes.get(i).id(), i < healthy))
                        .toList()));
    }

    public static ClusterState state(Map<String, List<Route>> routes) {
        Map<ClusterId, ClusterState.Members> clusters = new HashMap<>();
        routes.forEach((name, its) -> {
            ClusterId id = new ClusterId(name);
            ClusterSettings settings = settings(Balancing.DEFAULT, Ejection.DEFAULT, its.toArray(Route[]::new));
            clusters.put(
                    id,
                    new ClusterState.Members(
                            new Cluster(id, settings, Revision.NONE), List.of(), Map.of(), Optional.empty()));
        });
        return new ClusterState(new Revision(1), List.of(), clusters);
    }
}
