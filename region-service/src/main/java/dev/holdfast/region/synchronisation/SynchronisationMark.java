package dev.holdfast.region.synchronisation;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.Lease;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.Node;
import java.util.LinkedHashMap;
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
     * Marks the node, unless it has moved, come back as another incarnation, or changed in any other way that matters.
     *
     * @param detail what shows that it is synchronised
     * @return whether it was marked
     */
    boolean mark(JoiningNode joining, Lease lease, String detail) {
        return store.change(change -> {
            change.requireLease(lease);
            Optional<Node> node = change.node(joining.id());
            if (!node.flatMap(present -> asJoining(change, present))
                    .filter(joining::equals)
                    .isPresent()) {
                return false;
            }
            Map<String, Object> evidence = new LinkedHashMap<>();
            evidence.put("address", joining.address().toString());
            evidence.put("incarnation", joining.incarnation());
            evidence.put("answer", detail);
            change.record(JournalEntry.of(
                            EventType.NODE_SYNCHRONISED, ACTOR, "Node " + joining.id() + " is synchronised: " + detail)
                    .about(node.get().region())
                    .about(joining.cluster(), joining.id())
                    .with(evidence));
            change.put(node.get().withSynchronisedIn(Optional.of(joining.incarnation())));
            return true;
        });
    }

    private static Optional<JoiningNode> asJoining(StateView view, Node node) {
        return view.cluster(node.cluster())
                .flatMap(cluster -> JoiningNode.of(node, cluster.settings(), view.health(node.id())));
    }
}
