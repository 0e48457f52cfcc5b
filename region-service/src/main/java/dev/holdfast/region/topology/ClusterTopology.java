package dev.holdfast.region.topology;

import dev.holdfast.api.ClusterDeclaration;
import dev.holdfast.api.ClusterView;
import dev.holdfast.api.NodeView;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.region.declaration.ClusterPlan;
import dev.holdfast.region.declaration.ClusterRules;
import dev.holdfast.region.declaration.HookSecret;
import dev.holdfast.region.declaration.NodeTransition;
import dev.holdfast.region.declaration.Surroundings;
import dev.holdfast.region.declaration.Violations;
import dev.holdfast.region.request.Documents;
import dev.holdfast.web.Caller;
import dev.holdfast.web.Preconditions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Looks at clusters and changes them, inside a view or change of the store. */
@Component
final class ClusterTopology {

    private final Documents documents;
    private final Evidence evidence;

    ClusterTopology(Documents documents, Evidence evidence) {
        this.documents = documents;
        this.evidence = evidence;
    }

    static Cluster require(StateView view, ClusterId id) {
        return view.cluster(id)
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.CLUSTER_NOT_FOUND,
                        "No cluster " + id + " is declared; GET /api/v1/clusters lists them."));
    }

    static ClusterView view(StateView view, Cluster cluster) {
        List<Node> nodes = view.nodesOf(cluster.id());
        Map<NodeId, NodeHealth> health =
                view.healthOf(cluster.id()).stream().collect(Collectors.toMap(NodeHealth::node, Function.identity()));
        return new ClusterView(
                cluster.id(),
                declaration(cluster, nodes),
                nodes.stream()
                        .map(node -> NodeView.of(node, cluster.settings(), Optional.ofNullable(health.get(node.id()))))
                        .toList(),
                cluster.version());
    }

    /** @param shown what is wanted; a secret that is hidden in it is the one that is stored */
    ResponseEntity<?> declare(StateChange change, Preconditions preconditions, ClusterId id, ClusterDeclaration shown) {
        Optional<Cluster> present = change.cluster(id);
        preconditions.require("the cluster " + id, present.map(Cluster::version));
        Violations violations = documents.form(shown);
        ClusterDeclaration declared = shown.withRestart(HookSecret.restored(
                shown.restart(), present.flatMap(cluster -> cluster.settings().restart()), violations));
        ClusterRules.check(
                id, declared, Surroundings.of(change.regions(), change.clusters(), change.nodes()), violations);
        violations.throwIfAny();
        ClusterPlan plan = ClusterPlan.of(id, declared, present, change.nodesOf(id));
        if (!plan.changesNothing()) {
            change.record(
                    JournalEntry.of(EventType.CLUSTER_DECLARED, Caller.current().name(), evidence.inWords(id, plan))
                            .about(id)
                            .with(evidence.of(id, plan)));
            carryOut(change, id, plan, present.map(Cluster::version).orElse(Revision.NONE));
        }
        Cluster stored = require(change, id);
        return Answers.declared(present, view(change, stored), stored.version());
    }

    ResponseEntity<?> patch(StateChange change, Preconditions preconditions, ClusterId id, JsonNode patch) {
        ClusterDeclaration declaration = declaration(require(change, id), change.nodesOf(id));
        return declare(change, preconditions, id, documents.patched(declaration, patch, ClusterDeclaration.class));
    }

    ResponseEntity<?> delete(StateChange change, Preconditions preconditions, ClusterId id) {
        Cluster cluster = require(change, id);
        preconditions.require("the cluster " + id, Optional.of(cluster.version()));
        List<Node> nodes = change.nodesOf(id);
        change.record(JournalEntry.of(
                        EventType.CLUSTER_DELETED,
                        Caller.current().name(),
                        "Cluster " + id + " was deleted with its " + nodes.size() + " nodes")
                .about(id)
                .with(Map.of("removed", Evidence.named(nodes))));
        change.delete(id);
        return Answers.deleted();
    }

    private static void carryOut(StateChange change, ClusterId id, ClusterPlan plan, Revision version) {
        plan.removed().forEach(node -> change.delete(node.id()));
        change.put(new Cluster(id, plan.settings(), version));
        plan.added().forEach(change::put);
        plan.changed().forEach(node -> NodeTopology.replace(change, node.before(), node.after()));
    }

    private static ClusterDeclaration declaration(Cluster cluster, List<Node> nodes) {
        return ClusterDeclaration.of(
                cluster.id(),
                cluster.settings(),
                nodes.stream().map(NodeTransition::memberDeclaration).toList());
    }
}
