package dev.holdfast.region.topology;

import dev.holdfast.api.AdminStateRequest;
import dev.holdfast.api.NodeDeclaration;
import dev.holdfast.api.NodeView;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.region.declaration.MemberChanges;
import dev.holdfast.region.declaration.NodeRules;
import dev.holdfast.region.declaration.NodeTransition;
import dev.holdfast.region.declaration.PostgresRules;
import dev.holdfast.region.declaration.PrimaryRules;
import dev.holdfast.region.declaration.Surroundings;
import dev.holdfast.region.declaration.TextRules;
import dev.holdfast.region.declaration.Violations;
import dev.holdfast.region.request.Documents;
import dev.holdfast.web.Caller;
import dev.holdfast.web.Preconditions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Looks at single nodes and changes them, inside a view or change of the store. */
@Component
final class NodeTopology {

    private final Documents documents;
    private final Evidence evidence;

    NodeTopology(Documents documents, Evidence evidence) {
        this.documents = documents;
        this.evidence = evidence;
    }

    static Node require(StateView view, NodeId id) {
        return view.node(id)
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.NODE_NOT_FOUND, "No node " + id + " is declared; GET /api/v1/nodes lists them."));
    }

    static NodeView view(StateView view, Node node) {
        Cluster cluster = ClusterTopology.require(view, node.cluster());
        return NodeView.of(
                node,
                ClusterState.Members.of(
                        cluster, List.of(node), view.health(node.id()).stream().toList(), view.primary(cluster.id())));
    }

    /** Puts {@code after} in the place of {@code before}. At another address it is judged as if it had never been. */
    static Node replace(StateChange change, Node before, Node after) {
        if (NodeTransition.isElsewhere(before, after)) {
            change.delete(before.id());
            return change.put(after.withVersion(Revision.NONE));
        }
        return change.put(after);
    }

    ResponseEntity<?> declare(StateChange change, Preconditions preconditions, NodeId id, NodeDeclaration declared) {
        Optional<Node> present = change.node(id);
        preconditions.require("the node " + id, present.map(Node::version));
        Violations violations = documents.form(declared);
        Optional<Cluster> cluster = declared.cluster().flatMap(change::cluster);
        if (cluster.isEmpty()) {
            declared.cluster()
                    .ifPresent(missing ->
                            violations.add("cluster", "no cluster " + missing + " is declared; declare it first"));
        }
        Optional<ClusterState.Members> members = cluster.map(known -> ClusterState.Members.of(change, known));
        List<Node> peers = members.map(ClusterState.Members::nodes).orElse(List.of());
        Surroundings surroundings =
                Surroundings.of(change.regions(), List.of(), present.stream().toList());
        NodeRules.check(id, declared, peers, surroundings, violations);
        members.ifPresent(known -> {
            PostgresRules.check(id, declared, known, violations);
            PrimaryRules.check(known, id, declared, violations);
        });
        violations.throwIfAny();

        Node wanted = NodeTransition.declared(id, cluster.orElseThrow().id(), declared, present);
        if (present.filter(wanted::equals).isPresent()) {
            return answer(change, present, wanted);
        }
        Map<String, Object> changes = evidence.nodeChanges(present, wanted);
        String message = present.isEmpty()
                ? "Node " + id + " at " + wanted.address() + " was added to the cluster " + wanted.cluster()
                : "Node " + id + " was declared anew: " + MemberChanges.inWords(changes);
        change.record(JournalEntry.of(EventType.NODE_DECLARED, Caller.current().name(), message)
                .about(wanted.region())
                .about(wanted.cluster(), id)
                .with(changes));
        change.put(cluster.get());
        Node stored = present.isEmpty() ? change.put(wanted) : replace(change, present.get(), wanted);
        return answer(change, present, stored);
    }

    ResponseEntity<?> patch(StateChange change, Preconditions preconditions, NodeId id, JsonNode patch) {
        Node node = require(change, id);
        NodeDeclaration declaration = NodeTransition.declaration(node);
        return declare(change, preconditions, id, documents.patched(declaration, patch, NodeDeclaration.class));
    }

    ResponseEntity<?> delete(StateChange change, Preconditions preconditions, NodeId id) {
        Node node = require(change, id);
        preconditions.require("the node " + id, Optional.of(node.version()));
        ClusterId cluster = node.cluster();
        PrimaryRules.requireDispensable(membersOf(change, node), node);
        change.record(JournalEntry.of(
                        EventType.NODE_DELETED,
                        Caller.current().name(),
                        "Node " + id + " was deleted from the cluster " + cluster)
                .about(node.region())
                .about(cluster, id)
                .with(Map.of(
                        "address",
                        node.address().toString(),
                        "adminState",
                        node.adminState().name())));
        change.put(ClusterTopology.require(change, cluster));
        change.delete(id);
        return Answers.deleted();
    }

    /** @param force takes out even the last node of its cluster that takes traffic; the caller may do that */
    ResponseEntity<?> setAdminState(
            StateChange change, Preconditions preconditions, NodeId id, AdminStateRequest request, boolean force) {
        Node node = require(change, id);
        preconditions.require("the node " + id, Optional.of(node.version()));
        Violations violations = documents.form(request);
        request.reason().ifPresent(reason -> TextRules.check("reason", reason, violations));
        violations.throwIfAny();
        Node wanted = node.administered(request.adminState());
        if (wanted.equals(node)) {
            return answer(change, Optional.of(node), node);
        }
        ClusterState.Members members = membersOf(change, node);
        PrimaryRules.check(members, node, wanted.adminState(), violations);
        violations.throwIfAny();
        boolean endsService = wanted.adminState() != AdminState.ENABLED && members.isLastInService(node);
        if (endsService && !force) {
            throw new ProblemException(
                    ProblemCode.LAST_HEALTHY_NODE,
                    ("%s is the last node of %s that takes traffic. Bring another one into service first, or let an"
                                    + " administrator repeat this with force=true and a reason.")
                            .formatted(id, node.cluster()));
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("from", node.adminState().name());
        facts.put("to", wanted.adminState().name());
        request.reason().ifPresent(reason -> facts.put("reason", reason));
        if (endsService) {
            facts.put("forced", "no other node of the cluster takes traffic");
        }
        change.record(JournalEntry.of(
                        EventType.NODE_ADMIN_STATE_CHANGED,
                        Caller.current().name(),
                        "Node " + id + " went from " + node.adminState() + " to " + wanted.adminState()
                                + request.reason().map(reason -> ": " + reason).orElse(""))
                .about(node.region())
                .about(node.cluster(), id)
                .with(facts));
        return answer(change, Optional.of(node), change.put(wanted));
    }

    private static ClusterState.Members membersOf(StateView view, Node node) {
        // The store has no node without its cluster.
        return ClusterState.Members.of(view, node.cluster()).orElseThrow();
    }

    private static ResponseEntity<?> answer(StateView view, Optional<Node> before, Node node) {
        return Answers.declared(before, view(view, node), node.version());
    }
}
