package dev.holdfast.health.probe;

import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import java.util.HashMap;
import java.util.Map;

/**
 * A node to be checked.
 *
 * @param where its own address, on the port that the check names
 */
public record CheckTarget(NodeId node, ClusterId cluster, Endpoint where, HealthCheck check) {

    public static CheckTarget of(Cluster cluster, Node node) {
        HealthCheck check = cluster.settings().check();
        Endpoint own = node.address();
        Endpoint where = new Endpoint(own.host(), check.port().orElse(own.port()));
        return new CheckTarget(node.id(), cluster.id(), where, check);
    }

    /** All nodes of all clusters, whatever their admin state. */
    public static Map<NodeId, CheckTarget> allIn(ClusterState state) {
        Map<NodeId, CheckTarget> targets = new HashMap<>();
        for (ClusterState.Members members : state.clusters().values()) {
            for (Node node : members.nodes()) {
                targets.put(node.id(), of(members.cluster(), node));
            }
        }
        return Map.copyOf(targets);
    }
}
