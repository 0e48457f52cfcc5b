package dev.holdfast.failover.operation;

import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.NodePhase;
import java.util.Set;

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

    /** How many nodes besides {@code node} take traffic; those in {@code leaving} are about to stop. */
    static long peersInService(ClusterState.Members members, NodeId node, Set<NodeId> leaving) {
        return members.nodes().stream()
                .filter(peer -> !peer.id().equals(node) && !leaving.contains(peer.id()))
                .filter(peer -> members.takesTraffic(peer))
                .count();
    }

    /**
     * How many nodes besides {@code node} have to take traffic before it may leave: at least one when it takes traffic
     * itself, and in a rolling restart all but {@code maxUnavailable}. None when forced.
     */
    static long peersNeeded(ClusterState.Members members, Node node, OperationParameters parameters) {
        if (parameters.force()) {
            return 0;
        }
        long sharing =
                members.nodes().stream().filter(peer -> peer.weight() > 0).count();
        long byBudget = parameters.maxUnavailable().map(most -> sharing - most).orElse(0L);
        long byLastNodeRule = members.takesTraffic(node) ? 1 : 0;
        return Math.max(byBudget, byLastNodeRule);
    }
}
