package dev.holdfast.region.declaration;

import dev.holdfast.api.ClusterDeclaration;
import dev.holdfast.api.NodeDeclaration;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.ClusterSettings;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What has to be done so that a cluster is as declared.
 *
 * @param before what the cluster's settings are; empty when it is new
 * @param settings what they shall be
 * @param added nodes that are new
 * @param changed nodes that stay, and are declared otherwise than before
 * @param stillSynchronised nodes that stay as declared, and go on serving although the cluster gets a hook
 * @param removed nodes that are no longer declared
 */
public record ClusterPlan(
        Optional<ClusterSettings> before,
        ClusterSettings settings,
        List<Node> added,
        List<NodeChange> changed,
        List<Node> stillSynchronised,
        List<Node> removed) {

    public ClusterPlan {
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        stillSynchronised = List.copyOf(stillSynchronised);
        removed = List.copyOf(removed);
    }

    /** A node that stays, and changes. */
    public record NodeChange(Node before, Node after) {

        /** Whether it is now at another address, where it is judged as if it had never been. */
        public boolean isMove() {
            return NodeTransition.isElsewhere(before, after);
        }
    }

    /** @param declared has passed every check */
    public static ClusterPlan of(ClusterId id, ClusterDeclaration declared, Optional<ClusterState.Members> present) {
        boolean hookIsNew = declared.synchronisation().isPresent()
                && present.filter(before ->
                                before.cluster().settings().synchronisation().isEmpty())
                        .isPresent();
        Map<NodeId, Node> leaving = new LinkedHashMap<>();
        present.ifPresent(members -> members.nodes().forEach(node -> leaving.put(node.id(), node)));
        List<Node> added = new ArrayList<>();
        List<NodeChange> changed = new ArrayList<>();
        List<Node> stillSynchronised = new ArrayList<>();
        for (NodeDeclaration declaration : declared.nodes()) {
            NodeId node = declaration.id().orElseThrow();
            Optional<Node> before = Optional.ofNullable(leaving.remove(node));
            Node wanted = NodeTransition.declared(node, id, declaration, before);
            Node after =
                    hookIsNew ? NodeTransition.underNewHook(wanted, present.flatMap(p -> p.healthOf(node))) : wanted;
            if (before.isEmpty()) {
                added.add(after);
            } else if (!before.get().equals(wanted)) {
                changed.add(new NodeChange(before.get(), after));
            } else if (!before.get().equals(after)) {
                stillSynchronised.add(after);
            }
        }
        return new ClusterPlan(
                present.map(members -> members.cluster().settings()),
                declared.settings(),
                added,
                changed,
                stillSynchronised,
                List.copyOf(leaving.values()));
    }

    public boolean changesNothing() {
        return before.filter(settings::equals).isPresent() && added.isEmpty() && changed.isEmpty() && removed.isEmpty();
    }
}
