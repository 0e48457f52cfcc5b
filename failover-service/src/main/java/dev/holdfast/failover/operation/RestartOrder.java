package dev.holdfast.failover.operation;

import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The order of a rolling restart. Nodes that take no traffic come first, since restarting them costs nothing. Then one
 * zone comes after another, so that a version that doesn't start harms one zone only. Ids make the order stable.
 */
public final class RestartOrder {

    private RestartOrder() {}

    /**
     * Orders {@code wanted}, or every enabled node when none is wanted in particular: a node that an operator has taken
     * out of service stays out unless it is named.
     */
    public static List<Node> of(ClusterState.Members members, Set<NodeId> wanted) {
        return members.nodes().stream()
                .filter(node -> wanted.isEmpty() ? Serving.isEnabled(node) : wanted.contains(node.id()))
                .sorted(Comparator.comparing((Node node) -> members.takesTraffic(node))
                        .thenComparing(Node::region)
                        .thenComparing(Node::zone)
                        .thenComparing(Node::id))
                .toList();
    }

    /** Whether both may be out of service together: zones are restarted one at a time. */
    static boolean shareZone(Node one, Node other) {
        return one.region().equals(other.region()) && one.zone().equals(other.zone());
    }
}
