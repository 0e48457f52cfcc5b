package dev.holdfast.failover.operation;

import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodePhase;
import java.util.List;

/** Which nodes of a cluster serve, and which could be spared. */
final class Serving {

    private Serving() {}

    static boolean isEnabled(Node node) {
        return node.adminState() == AdminState.ENABLED;
    }

    /** Whether the node is back in service; a node of weight 0 is, although it takes no traffic. */
    static boolean isReady(ClusterState.Members members, Node node) {
        return isEnabled(node)
                && node.phase(members.cluster().settings(), members.healthOf(node.id())) == NodePhase.SERVING
                && members.healthOf(node.id()).map(NodeHealth::routable).orElse(false);
    }

    /** How many nodes besides {@code node} take traffic. */
    static long peersInService(ClusterState.Members members, Node node) {
        return members.nodes().stream()
                .filter(peer -> !peer.id().equals(node.id()) && members.takesTraffic(peer))
                .count();
    }

    static long peersNeeded(ClusterState.Members members, Node node, OperationParameters parameters) {
        return peersNeeded(members.takesTraffic(node), sharing(members.nodes()), parameters);
    }

    /**
     * How many nodes besides one have to take traffic before it may leave: at least one when it takes traffic itself, and
     * in a rolling restart all but {@code maxUnavailable}. None when forced.
     *
     * @param sharing how many nodes have a share of the traffic
     */
    static long peersNeeded(boolean takesTraffic, long sharing, OperationParameters parameters) {
        if (parameters.force()) {
            return 0;
        }
        long byBudget = parameters.maxUnavailable().map(most -> sharing - most).orElse(0L);
        long byLastNodeRule = takesTraffic ? 1 : 0;
        return Math.max(byBudget, byLastNodeRule);
    }

    static long sharing(List<Node> nodes) {
        return nodes.stream().filter(node -> node.weight() > 0).count();
    }
}
