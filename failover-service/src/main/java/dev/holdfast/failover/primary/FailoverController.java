package dev.holdfast.failover.primary;

import dev.holdfast.api.PrimaryView;
import dev.holdfast.api.VersionTag;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.failover.agent.AgentSurvey;
import dev.holdfast.failover.promotion.OperatorRequest;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.Refusal;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.web.Caller;
import dev.holdfast.web.Force;
import dev.holdfast.web.Idempotency;
import dev.holdfast.web.WriteRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows the primary of a cluster, and takes orders to replace it. */
@RestController
@RequestMapping(path = "/api/v1/clusters/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Failover", description = "Who is primary of a cluster, and how it is replaced")
class FailoverController {

    private final ClusterStateStore store;
    private final FailoverDesk desk;
    private final Idempotency idempotency;

    FailoverController(ClusterStateStore store, FailoverDesk desk, Idempotency idempotency) {
        this.store = store;
        this.desk = desk;
        this.idempotency = idempotency;
    }

    @GetMapping("/primary")
    @Operation(summary = "Show the primary of a cluster, and what is being done about it")
    @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = PrimaryView.class)))
    ResponseEntity<PrimaryView> primary(@PathVariable ClusterId id) {
        ClusterPrimary primary = store.read(view -> FailoverDesk.primary(view, id));
        return ResponseEntity.ok().eTag(VersionTag.of(primary.version())).body(PrimaryView.of(primary));
    }

    @GetMapping("/explain")
    @Operation(
            summary = "What would be done about the primary now, and why or why not",
            description = "Asks every agent; changes nothing.")
    ExplanationView explain(@PathVariable ClusterId id) {
        return desk.explain(id);
    }

    @PostMapping("/failover")
    @Operation(
            summary = "Replace the primary, whatever its health",
            description =
                    "Nothing acknowledged is lost: the old primary is fenced by its standbys first, and without proof"
                            + " nothing is promoted, unless allowDataLoss is given with a reason.")
    @ApiResponse(responseCode = "202", content = @Content(schema = @Schema(implementation = PrimaryView.class)))
    ResponseEntity<?> failover(
            @PathVariable ClusterId id,
            @Valid @RequestBody(required = false) @Nullable FailoverRequest body,
            WriteRequest write) {
        FailoverRequest request = body == null ? FailoverRequest.EMPTY : body;
        if (request.allowDataLoss()) {
            Force.requireAllowed(request.reason());
        }
        String caller = Caller.current().name();
        return perform(
                write,
                id,
                request,
                epoch -> new OperatorRequest.Failover(
                        epoch,
                        caller,
                        request.target(),
                        request.allowDataLoss(),
                        request.reason().orElse("")));
    }

    @PostMapping("/switchover")
    @Operation(
            summary = "Hand the primary's role over with nothing lost and the least interruption",
            description = "The primary is stopped in good order, a standby takes up all of its log and is promoted.")
    @ApiResponse(responseCode = "202", content = @Content(schema = @Schema(implementation = PrimaryView.class)))
    ResponseEntity<?> switchover(
            @PathVariable ClusterId id,
            @Valid @RequestBody(required = false) @Nullable FailoverRequest body,
            WriteRequest write) {
        FailoverRequest request = body == null ? FailoverRequest.EMPTY : body;
        if (request.allowDataLoss()) {
            throw ProblemException.ofField(
                    ProblemCode.VALIDATION_FAILED,
                    "allowDataLoss",
                    "belongs to a failover; a switchover never loses anything");
        }
        String caller = Caller.current().name();
        return perform(write, id, request, epoch -> new OperatorRequest.Switchover(epoch, caller, request.target()));
    }

    @PostMapping("/failover/cancel")
    @Operation(
            summary = "Give the running failover or switchover up, while nothing has been promoted",
            description = "The primary goes on, in a new epoch.")
    @ApiResponse(responseCode = "202", content = @Content(schema = @Schema(implementation = PrimaryView.class)))
    ResponseEntity<?> cancel(@PathVariable ClusterId id, WriteRequest write) {
        String caller = Caller.current().name();
        return perform(write, id, FailoverRequest.EMPTY, epoch -> new OperatorRequest.Cancel(epoch, caller));
    }

    @PostMapping("/failover/acknowledge")
    @Operation(
            summary = "Let automatic failovers go on after there were many",
            description = "Says that an operator has looked into them.")
    @ApiResponse(responseCode = "202", content = @Content(schema = @Schema(implementation = PrimaryView.class)))
    ResponseEntity<?> acknowledge(@PathVariable ClusterId id, WriteRequest write) {
        String caller = Caller.current().name();
        return perform(
                write, id, FailoverRequest.EMPTY, epoch -> new OperatorRequest.AcknowledgeFlapping(epoch, caller));
    }

    @PostMapping("/failover/pause")
    @Operation(
            summary = "Let nothing begin by itself until failover is resumed",
            description = "What has begun goes on, and operators can still replace the primary.")
    @ApiResponse(responseCode = "202", content = @Content(schema = @Schema(implementation = PrimaryView.class)))
    ResponseEntity<?> pause(
            @PathVariable ClusterId id,
            @Valid @RequestBody(required = false) @Nullable FailoverRequest body,
            WriteRequest write) {
        String caller = Caller.current().name();
        String reason = Optional.ofNullable(body)
                .flatMap(FailoverRequest::reason)
                .orElseThrow(() -> ProblemException.ofField(
                        ProblemCode.VALIDATION_FAILED, "reason", "says why, for those who find it paused"));
        return perform(write, id, Optional.of(reason), change -> FailoverDesk.pause(change, id, caller, reason));
    }

    @PostMapping("/failover/resume")
    @Operation(summary = "Let failovers begin by themselves again")
    @ApiResponse(responseCode = "202", content = @Content(schema = @Schema(implementation = PrimaryView.class)))
    ResponseEntity<?> resume(@PathVariable ClusterId id, WriteRequest write) {
        String caller = Caller.current().name();
        return perform(write, id, Optional.empty(), change -> FailoverDesk.resume(change, id, caller));
    }

    private ResponseEntity<?> perform(
            WriteRequest write, ClusterId id, FailoverRequest body, LongFunction<OperatorRequest> request) {
        String caller = Caller.current().name();
        AgentSurvey.Answers answers = desk.survey(id);
        Refused[] refused = new Refused[1];
        ResponseEntity<?> answer = perform(write, id, Optional.of(body), change -> {
            FailoverDesk.Outcome outcome = desk.request(change, id, answers, body.epoch(), request, caller);
            outcome.refused().ifPresent(refusal -> refused[0] = new Refused(refusal));
            return outcome.primary();
        });
        if (refused[0] != null) {
            // Thrown after the change, so that the refusal stays in the journal.
            throw refused[0].problem();
        }
        return answer;
    }

    private record Refused(Refusal refusal) {
        ProblemException problem() {
            return new ProblemException(ProblemCode.FAILOVER_REFUSED, refusal.toString());
        }
    }

    private ResponseEntity<?> perform(
            WriteRequest write, ClusterId id, Optional<?> body, Function<StateChange, ClusterPrimary> work) {
        Function<StateChange, ClusterPrimary> checked = change -> {
            write.preconditions()
                    .require(
                            "the primary of " + id,
                            Optional.of(FailoverDesk.primary(change, id).version()));
            return work.apply(change);
        };
        if (write.dryRun()) {
            ClusterPrimary rehearsed = store.rehearse(checked);
            return ResponseEntity.ok()
                    .header(WriteRequest.DRY_RUN_HEADER, "true")
                    .body(PrimaryView.of(rehearsed));
        }
        return store.change(
                change -> idempotency.once(change, write.idempotent(body), () -> answer(checked.apply(change))));
    }

    private static ResponseEntity<PrimaryView> answer(ClusterPrimary primary) {
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/clusters/" + primary.cluster() + "/primary"))
                .eTag(VersionTag.of(primary.version()))
                .body(PrimaryView.of(primary));
    }
}
