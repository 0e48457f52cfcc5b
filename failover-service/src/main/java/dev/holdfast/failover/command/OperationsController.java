package dev.holdfast.failover.command;

import dev.holdfast.api.OperationView;
import dev.holdfast.api.Page;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.failover.operation.Trigger;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.operation.OperationId;
import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.web.Caller;
import dev.holdfast.web.WriteRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows operations, and takes an operator's word on them. */
@RestController
@RequestMapping(path = "/api/v1/operations", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Operations", description = "Work on nodes and clusters that takes longer than a request")
class OperationsController {

    private final ClusterStateStore store;
    private final OperationDesk desk;
    private final OperationAnswers answers;

    OperationsController(ClusterStateStore store, OperationDesk desk, OperationAnswers answers) {
        this.store = store;
        this.desk = desk;
        this.answers = answers;
    }

    @GetMapping
    @Operation(summary = "List operations, the last changed first")
    Page<OperationView> operations(
            @RequestParam Optional<ClusterId> cluster,
            @RequestParam Optional<OperationState> state,
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @Parameter(description = "The page's next, to go on from there") @RequestParam Optional<String> after) {
        Optional<Revision> before = after.map(OperationsController::revision);
        List<OperationView> found = store.read(view -> view.operations(cluster, state, before, limit + 1)).stream()
                .map(OperationView::of)
                .toList();
        if (found.size() <= limit) {
            return new Page<>(found, Optional.empty());
        }
        List<OperationView> page = found.subList(0, limit);
        return new Page<>(page, Optional.of(page.getLast().version().toString()));
    }

    @GetMapping("/{id}")
    @Operation(summary = "Show an operation with its steps")
    @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = OperationView.class)))
    ResponseEntity<OperationView> operation(@PathVariable OperationId id) {
        dev.holdfast.model.operation.Operation operation = store.read(view -> desk.require(view, id));
        return ResponseEntity.ok().eTag(OperationAnswers.tag(operation)).body(OperationView.of(operation));
    }

    @PostMapping("/{id}/cancel")
    @Operation(
            summary = "End an operation early, safely",
            description = "No further node is touched. A node that is being drained is enabled again; one that is being"
                    + " restarted is brought back first.")
    @ApiResponse(responseCode = "202", content = @Content(schema = @Schema(implementation = OperationView.class)))
    ResponseEntity<?> cancel(@PathVariable OperationId id, WriteRequest request) {
        return tell(request, "", id, new Trigger.Cancel(Caller.current().name()));
    }

    @PostMapping("/{id}/confirm")
    @Operation(
            summary = "Confirm that what an operation waits for has been done",
            description =
                    "A rolling restart of a cluster without a restart hook waits for this after each node. Name the node"
                            + " so that a repeated confirmation can't be taken for the next one's.")
    @ApiResponse(responseCode = "202", content = @Content(schema = @Schema(implementation = OperationView.class)))
    ResponseEntity<?> confirm(
            @PathVariable OperationId id,
            @Valid @RequestBody(required = false) @Nullable ConfirmRequest body,
            WriteRequest request) {
        ConfirmRequest confirmed = body == null ? ConfirmRequest.EMPTY : body;
        return tell(request, confirmed, id, new Trigger.Confirm(Caller.current().name(), confirmed.node()));
    }

    private ResponseEntity<?> tell(WriteRequest request, Object body, OperationId id, Trigger trigger) {
        return answers.perform(
                request,
                body,
                change -> {
                    request.preconditions()
                            .require(
                                    "the operation " + id,
                                    Optional.of(desk.require(change, id).version()));
                    return desk.tell(change, id, trigger);
                },
                OperationView::of);
    }

    private static Revision revision(String after) {
        try {
            return new Revision(Long.parseLong(after));
        } catch (IllegalArgumentException e) {
            throw ProblemException.ofField(ProblemCode.MALFORMED_REQUEST, "after", "is what a page gave as its next");
        }
    }
}
