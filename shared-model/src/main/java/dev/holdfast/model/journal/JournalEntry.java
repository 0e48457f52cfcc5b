package dev.holdfast.model.journal;

import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RegionId;
import java.util.Map;
import java.util.Optional;

/**
 * A fact to be journaled with the change that it explains.
 *
 * @param actor who caused it: a token's name, or a service's
 * @param message one sentence for people
 * @param evidence what the decision rests on; values are JSON values (text, numbers, booleans, lists, maps)
 */
public record JournalEntry(
        EventType type,
        String actor,
        Optional<RegionId> region,
        Optional<ClusterId> cluster,
        Optional<NodeId> node,
        String message,
        Map<String, Object> evidence) {

    public JournalEntry {
        evidence = Map.copyOf(evidence);
    }

    public static JournalEntry of(EventType type, String actor, String message) {
        return new JournalEntry(type, actor, Optional.empty(), Optional.empty(), Optional.empty(), message, Map.of());
    }

    public JournalEntry about(RegionId subject) {
        return new JournalEntry(type, actor, Optional.of(subject), cluster, node, message, evidence);
    }

    /** Names the cluster whose state changes; readers that follow the changes reload that cluster. */
    public JournalEntry about(ClusterId subject) {
        return new JournalEntry(type, actor, region, Optional.of(subject), node, message, evidence);
    }

    public JournalEntry about(ClusterId itsCluster, NodeId subject) {
        return new JournalEntry(type, actor, region, Optional.of(itsCluster), Optional.of(subject), message, evidence);
    }

    public JournalEntry with(Map<String, Object> newEvidence) {
        return new JournalEntry(type, actor, region, cluster, node, message, newEvidence);
    }
}
