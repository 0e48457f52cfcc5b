package dev.holdfast.region.declaration;

import dev.holdfast.api.NodeDeclaration;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import java.util.Optional;

/** What a node becomes when it is declared, and what declares it. */
public final class NodeTransition {

    private NodeTransition() {}

    /**
     * The node as declared. A new one, and one at a new address, has yet to join; without an admin state in the
     * declaration it keeps the one it has, and a new one is enabled.
     */
    public static Node declared(NodeId id, ClusterId cluster, NodeDeclaration declaration, Optional<Node> present) {
        AdminState before = present.map(Node::adminState).orElse(AdminState.ENABLED);
        Optional<Long> synchronisedIn = present.filter(node -> node.address().equals(declaration.address()))
                .flatMap(Node::synchronisedIn);
        Node declared = new Node(
                id,
                cluster,
                declaration.region(),
                declaration.zone(),
                declaration.address(),
                declaration.weight(),
                declaration.failover(),
                declaration.labels(),
                before,
                synchronisedIn,
                present.map(Node::version).orElse(Revision.NONE));
        return declared.administered(declaration.adminState().orElse(before));
    }

    /**
     * The node when its cluster gets a synchronisation hook: one that serves goes on serving in its present incarnation,
     * and is asked when it comes back as another.
     */
    static Node underNewHook(Node node, Optional<NodeHealth> health) {
        return health.filter(verdict -> node.synchronisedIn().isPresent() && verdict.routable())
                .map(verdict -> node.withSynchronisedIn(Optional.of(verdict.incarnation())))
                .orElse(node);
    }

    /** Whether the verdict on {@code before} says nothing of {@code after}, because another address is checked. */
    public static boolean isElsewhere(Node before, Node after) {
        return !before.address().equals(after.address());
    }

    /** What would declare the node by itself; without its admin state, which an operator sets apart. */
    public static NodeDeclaration declaration(Node node) {
        return declaration(node, Optional.of(node.cluster()), Optional.empty());
    }

    /** What would declare the node inside its cluster; without its admin state, which an operator sets apart. */
    public static NodeDeclaration memberDeclaration(Node node) {
        return declaration(node, Optional.empty(), Optional.empty());
    }

    /** All that a declaration can say of the node. */
    public static NodeDeclaration wholeDeclaration(Node node) {
        return declaration(node, Optional.of(node.cluster()), Optional.of(node.adminState()));
    }

    private static NodeDeclaration declaration(
            Node node, Optional<ClusterId> cluster, Optional<AdminState> adminState) {
        return new NodeDeclaration(
                Optional.of(node.id()),
                cluster,
                node.region(),
                node.zone(),
                node.address(),
                node.weight(),
                node.labels(),
                adminState,
                node.failover().agent(),
                node.failover().priority(),
                node.failover().nofailover());
    }
}
