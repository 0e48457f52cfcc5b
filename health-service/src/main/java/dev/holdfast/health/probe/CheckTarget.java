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
 * @param address the node's own; at another one it is another node, whatever its id
 */
public record CheckTarget(NodeId node, ClusterId cluster, Endpoint address, HealthCheck check) {

    public static CheckTarget of(Cluster cluster, Node node) {
        return new CheckTarget(
                node.id(), cluster.id(), node.address(), cluster.settings().check());
    }

    /** Where it is checked: at its own address, on the port that the check names. */
    public Endpoint where() {
        return new Endpoint(address.host(), check.port().orElse(address.port()));
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
