package dev.holdfast.region.topology;

import dev.holdfast.api.RegionDeclaration;
import dev.holdfast.api.RegionView;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.Region;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.region.declaration.MemberChanges;
import dev.holdfast.region.declaration.RegionRules;
import dev.holdfast.region.declaration.Violations;
import dev.holdfast.region.request.Documents;
import dev.holdfast.web.Caller;
import dev.holdfast.web.Preconditions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/** Looks at regions and changes them, inside a view or change of the store. */
@Component
final class RegionTopology {

    private final Documents documents;
    private final Evidence evidence;

    RegionTopology(Documents documents, Evidence evidence) {
        this.documents = documents;
        this.evidence = evidence;
    }

    static Region require(StateView view, RegionId id) {
        return view.region(id)
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.REGION_NOT_FOUND,
                        "No region " + id + " is declared; GET /api/v1/regions lists them."));
    }

    static RegionView view(StateView view, Region region) {
        return viewOf(region, nodesIn(view, region.id()).size());
    }

    static List<RegionView> views(StateView view, List<Region> regions) {
        Map<RegionId, Long> nodes =
                view.nodes().stream().collect(Collectors.groupingBy(Node::region, Collectors.counting()));
        return regions.stream()
                .map(region ->
                        viewOf(region, nodes.getOrDefault(region.id(), 0L).intValue()))
                .toList();
    }

    ResponseEntity<?> declare(
            StateChange change, Preconditions preconditions, RegionId id, RegionDeclaration declared) {
        Optional<Region> present = change.region(id);
        preconditions.require("the region " + id, present.map(Region::version));
        List<Node> nodes = nodesIn(change, id);
        Violations violations = documents.form(declared);
        RegionRules.check(id, declared, nodes, violations);
        violations.throwIfAny();
        Region wanted = new Region(
                id,
                declared.displayName().orElse(id.value()),
                declared.zones(),
                declared.labels(),
                present.map(Region::version).orElse(Revision.NONE));
        if (present.filter(wanted::equals).isPresent()) {
            return Answers.declared(present, viewOf(wanted, nodes.size()), wanted.version());
        }
        Map<String, Object> changes = evidence.changes(present.map(RegionTopology::declaration), declaration(wanted));
        String message = present.isEmpty()
                ? "Region " + id + " was declared with the zones " + wanted.zones()
                : "Region " + id + " was declared anew: " + MemberChanges.inWords(changes);
        change.record(
                JournalEntry.of(EventType.REGION_DECLARED, Caller.current().name(), message)
                        .about(id)
                        .with(changes));
        Region stored = change.put(wanted);
        return Answers.declared(present, viewOf(stored, nodes.size()), stored.version());
    }

    ResponseEntity<?> patch(StateChange change, Preconditions preconditions, RegionId id, JsonNode patch) {
        RegionDeclaration patched = documents.patched(declaration(require(change, id)), patch, RegionDeclaration.class);
        return declare(change, preconditions, id, patched);
    }

    ResponseEntity<?> delete(StateChange change, Preconditions preconditions, RegionId id) {
        Region region = require(change, id);
        preconditions.require("the region " + id, Optional.of(region.version()));
        List<Node> nodes = nodesIn(change, id);
        if (!nodes.isEmpty()) {
            throw new ProblemException(
                    ProblemCode.REGION_IN_USE,
                    "The region " + id + " still has " + nodes.size() + " nodes, such as "
                            + nodes.getFirst().id() + "; delete or move them first.");
        }
        change.record(
                JournalEntry.of(EventType.REGION_DELETED, Caller.current().name(), "Region " + id + " was deleted")
                        .about(id));
        change.delete(id);
        return Answers.deleted();
    }

    private static RegionView viewOf(Region region, int nodes) {
        return new RegionView(
                region.id(), region.displayName(), region.zones(), region.labels(), nodes, region.version());
    }

    private static RegionDeclaration declaration(Region region) {
        return new RegionDeclaration(
                Optional.of(region.id()), Optional.of(region.displayName()), region.zones(), region.labels());
    }

    private static List<Node> nodesIn(StateView view, RegionId region) {
        return view.nodes().stream()
                .filter(node -> node.region().equals(region))
                .toList();
    }
}
