package dev.holdfast.region.declaration;

import dev.holdfast.api.ClusterDeclaration;
import dev.holdfast.api.NodeDeclaration;
import dev.holdfast.model.topology.Cluster;
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
 */
public record ClusterPlan(
        Optional<ClusterSettings> before,
        ClusterSettings settings,
        List<Node> added,
        List<NodeChange> changed,
        List<Node> removed) {

    public ClusterPlan {
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
    }

    /** A node that stays, and changes. */
    public record NodeChange(Node before, Node after) {}

    /** @param declared has passed every check */
    public static ClusterPlan of(
            ClusterId id, ClusterDeclaration declared, Optional<Cluster> present, List<Node> presentNodes) {
        Map<NodeId, Node> leaving = new LinkedHashMap<>();
        presentNodes.forEach(node -> leaving.put(node.id(), node));
        List<Node> added = new ArrayList<>();
        List<NodeChange> changed = new ArrayList<>();
        for (NodeDeclaration declaration : declared.nodes()) {
            NodeId node = declaration.id().orElseThrow();
            Optional<Node> before = Optional.ofNullable(leaving.remove(node));
            Node after = NodeTransition.declared(node, id, declaration, before);
            if (before.isEmpty()) {
                added.add(after);
            } else if (!before.get().equals(after)) {
                changed.add(new NodeChange(before.get(), after));
            }
        }
        return new ClusterPlan(
                present.map(Cluster::settings), declared.settings(), added, changed, List.copyOf(leaving.values()));
    }

    public boolean changesNothing() {
        return before.filter(settings::equals).isPresent() && added.isEmpty() && changed.isEmpty() && removed.isEmpty();
    }
}
