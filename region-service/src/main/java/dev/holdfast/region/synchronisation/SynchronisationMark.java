package dev.holdfast.region.synchronisation;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.Lease;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Marks nodes as synchronised in the store. */
final class SynchronisationMark {

    private static final String ACTOR = "region-service";

    private final ClusterStateStore store;

    SynchronisationMark(ClusterStateStore store) {
        this.store = store;
    }

    /**
     * Marks the nodes in one change, except those that have moved, come back as another incarnation, or changed in any
     * other way that matters.
     *
     * @param joining few enough that other changes don't wait for long
     * @param detail what shows that they are synchronised
     * @return those that were marked
     */
    List<JoiningNode> mark(List<JoiningNode> joining, Lease lease, String detail) {
        return store.change(change -> {
            change.requireLease(lease);
            List<NodeId> ids = joining.stream().map(JoiningNode::id).toList();
            Map<JoiningNode, Node> unchanged = new LinkedHashMap<>();
            for (Node node : change.nodes(ids)) {
                asJoining(change, node).filter(joining::contains).ifPresent(same -> unchanged.put(same, node));
            }
            unchanged.forEach((same, node) -> change.record(event(same, node, detail)));
            if (!unchanged.isEmpty()) {
                change.putNodes(unchanged.entrySet().stream()
                        .map(same -> same.getValue()
                                .withSynchronisedIn(Optional.of(same.getKey().incarnation())))
                        .toList());
            }
            return List.copyOf(unchanged.keySet());
        });
    }

    private static JournalEntry event(JoiningNode joining, Node node, String detail) {
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("address", joining.address().toString());
        evidence.put("incarnation", joining.incarnation());
        evidence.put("answer", detail);
        return JournalEntry.of(
                        EventType.NODE_SYNCHRONISED, ACTOR, "Node " + joining.id() + " is synchronised: " + detail)
                .about(node.region())
                .about(joining.cluster(), joining.id())
                .with(evidence);
    }

    private static Optional<JoiningNode> asJoining(StateView view, Node node) {
        return view.cluster(node.cluster())
                .flatMap(cluster -> JoiningNode.of(node, cluster.settings(), view.health(node.id())));
    }
}
