package dev.holdfast.region.topology;

import dev.holdfast.api.ClusterDeclaration;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.ClusterSettings;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.RestartHook;
import dev.holdfast.region.declaration.ClusterPlan;
import dev.holdfast.region.declaration.MemberChanges;
import dev.holdfast.region.declaration.NodeTransition;
import dev.holdfast.region.request.Documents;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** What changed in the topology, for the journal: as data, and in words. */
@Component
final class Evidence {

    /** An event about thousands of nodes names this many of each kind, and counts the others. */
    private static final int MAX_NAMED = 100;

    private static final int MAX_NAMED_IN_WORDS = 5;

    private final Documents documents;

    Evidence(Documents documents) {
        this.documents = documents;
    }

    /** The members of the document that differ; {@code before} is empty when it is new. */
    Map<String, Object> changes(Optional<?> before, Object after) {
        return MemberChanges.between(before.map(documents::members).orElse(Map.of()), documents.members(after));
    }

    Map<String, Object> nodeChanges(Optional<Node> before, Node after) {
        return changes(before.map(NodeTransition::wholeDeclaration), NodeTransition.wholeDeclaration(after));
    }

    Map<String, Object> of(ClusterId id, ClusterPlan plan) {
        Map<String, Object> evidence = new LinkedHashMap<>();
        Map<String, Object> settings = settingsChanges(id, plan);
        putUnlessEmpty(evidence, "settings", settings);
        putUnlessEmpty(evidence, "added", named(plan.added()));
        putUnlessEmpty(evidence, "removed", named(plan.removed()));
        Map<String, Object> changed = new LinkedHashMap<>();
        plan.changed().stream()
                .limit(MAX_NAMED)
                .forEach(node ->
                        changed.put(node.after().id().value(), nodeChanges(Optional.of(node.before()), node.after())));
        putUnlessEmpty(evidence, "changed", changed);
        putUnlessEmpty(evidence, "takenAsSynchronised", named(plan.stillSynchronised()));
        if (plan.changed().size() > MAX_NAMED) {
            evidence.put("changedInAll", plan.changed().size());
        }
        return evidence;
    }

    String inWords(ClusterId id, ClusterPlan plan) {
        List<String> parts = new ArrayList<>();
        if (plan.before().isEmpty()) {
            parts.add("it is new");
        } else if (!plan.before().get().equals(plan.settings())) {
            parts.add(MemberChanges.inWords(settingsChanges(id, plan)));
        }
        addNodes(parts, plan.added(), "added");
        addNodes(
                parts,
                plan.changed().stream().map(ClusterPlan.NodeChange::after).toList(),
                "changed");
        addNodes(parts, plan.removed(), "removed");
        return "Cluster " + id + " was declared: " + String.join("; ", parts);
    }

    /** At most {@link #MAX_NAMED} ids, and how many there are besides. */
    static List<String> named(List<Node> nodes) {
        List<String> names = new ArrayList<>(
                nodes.stream().limit(MAX_NAMED).map(node -> node.id().value()).toList());
        if (nodes.size() > MAX_NAMED) {
            names.add("and " + (nodes.size() - MAX_NAMED) + " more");
        }
        return names;
    }

    private static void addNodes(List<String> parts, List<Node> nodes, String what) {
        if (nodes.isEmpty()) {
            return;
        }
        String names = String.join(
                ", ",
                nodes.stream()
                        .limit(MAX_NAMED_IN_WORDS)
                        .map(node -> node.id().value())
                        .toList());
        parts.add(nodes.size() + (nodes.size() == 1 ? " node " : " nodes ") + what + " (" + names
                + (nodes.size() > MAX_NAMED_IN_WORDS ? ", …)" : ")"));
    }

    /** Secrets are not told; that one has been replaced by another is. */
    private Map<String, Object> settingsChanges(ClusterId id, ClusterPlan plan) {
        Map<String, Object> changes = new LinkedHashMap<>(
                changes(plan.before().map(before -> settings(id, before)), settings(id, plan.settings())));
        Optional<String> before = plan.before().flatMap(Evidence::hookSecret);
        Optional<String> after = hookSecret(plan.settings());
        if (before.isPresent() && after.isPresent() && !before.equals(after)) {
            changes.put("restart.authorization", Map.of("to", RestartHook.HIDDEN));
        }
        return changes;
    }

    private static Optional<String> hookSecret(ClusterSettings settings) {
        return settings.restart().flatMap(RestartHook::authorization);
    }

    private static ClusterDeclaration settings(ClusterId id, ClusterSettings settings) {
        return ClusterDeclaration.of(id, settings, List.of());
    }

    private static void putUnlessEmpty(Map<String, Object> evidence, String name, Map<String, Object> value) {
        if (!value.isEmpty()) {
            evidence.put(name, value);
        }
    }

    private static void putUnlessEmpty(Map<String, Object> evidence, String name, List<String> value) {
        if (!value.isEmpty()) {
            evidence.put(name, value);
        }
    }
}
