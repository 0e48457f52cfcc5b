package dev.holdfast.region.topology;

import dev.holdfast.api.ClusterDeclaration;
import dev.holdfast.api.ClusterView;
import dev.holdfast.api.NodeView;
import dev.holdfast.api.PrimaryView;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.region.declaration.ClusterPlan;
import dev.holdfast.region.declaration.ClusterPlan.NodeChange;
import dev.holdfast.region.declaration.ClusterRules;
import dev.holdfast.region.declaration.HookSecret;
import dev.holdfast.region.declaration.NodeTransition;
import dev.holdfast.region.declaration.PrimaryRules;
import dev.holdfast.region.declaration.Surroundings;
import dev.holdfast.region.declaration.Violations;
import dev.holdfast.region.request.Documents;
import dev.holdfast.web.Caller;
import dev.holdfast.web.Preconditions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
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
        ClusterState.Members members = ClusterState.Members.of(view, cluster);
        return new ClusterView(
                cluster.id(),
                declaration(cluster, members.nodes()),
                members.nodes().stream().map(node -> NodeView.of(node, members)).toList(),
                members.primary().map(primary -> PrimaryView.of(view, primary)),
                cluster.version());
    }

    /** @param shown what is wanted; a secret that is hidden in it is the one that is stored */
    ResponseEntity<?> declare(StateChange change, Preconditions preconditions, ClusterId id, ClusterDeclaration shown) {
        Optional<Cluster> present = change.cluster(id);
        preconditions.require("the cluster " + id, present.map(Cluster::version));
        Violations violations = documents.form(shown);
        ClusterDeclaration declared = shown.withRestart(HookSecret.restored(
                shown.restart(), present.flatMap(cluster -> cluster.settings().restart()), violations));
        ClusterRules.check(id, declared, surroundings(change, declared), violations);
        Optional<ClusterState.Members> before = present.map(cluster -> ClusterState.Members.of(change, cluster));
        before.ifPresent(members -> PrimaryRules.check(members, declared, violations));
        violations.throwIfAny();
        ClusterPlan plan = ClusterPlan.of(id, declared, before);
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
        // A node that moves goes, with the verdict on it, and comes as a new one.
        change.deleteNodes(Stream.concat(
                        plan.removed().stream(),
                        plan.changed().stream().filter(NodeChange::isMove).map(NodeChange::before))
                .map(Node::id)
                .toList());
        change.put(new Cluster(id, plan.settings(), version));
        Stream<Node> changed = plan.changed().stream()
                .map(node -> node.isMove() ? node.after().withVersion(Revision.NONE) : node.after());
        change.putNodes(Stream.of(plan.added().stream(), changed, plan.stillSynchronised().stream())
                .flatMap(nodes -> nodes)
                .toList());
    }

    private static Surroundings surroundings(StateView view, ClusterDeclaration declared) {
        List<NodeId> ids = declared.nodes().stream()
                .filter(Objects::nonNull)
                .flatMap(node -> node.id().stream())
                .toList();
        return Surroundings.of(view.regions(), view.clusters(), view.nodes(ids));
    }

    private static ClusterDeclaration declaration(Cluster cluster, List<Node> nodes) {
        return ClusterDeclaration.of(
                cluster.id(),
                cluster.settings(),
                nodes.stream().map(NodeTransition::memberDeclaration).toList());
    }
}
