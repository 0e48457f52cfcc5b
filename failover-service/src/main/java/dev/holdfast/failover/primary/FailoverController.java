package dev.holdfast.failover.primary;

import dev.holdfast.api.PrimaryView;
import dev.holdfast.failover.agent.AgentSurvey;
import dev.holdfast.failover.promotion.OperatorRequest;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.web.Caller;
import dev.holdfast.web.Force;
import dev.holdfast.web.WriteRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Takes orders to replace the primary of a cluster, and to let it be. */
@RestController
@RequestMapping(path = "/api/v1/clusters/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Failover", description = "Who is primary of a cluster, and how it is replaced")
@ApiResponse(
        responseCode = "202",
        description = "Taken; Location names the primary, and how it goes on",
        content = @Content(schema = @Schema(implementation = PrimaryView.class)))
@ApiResponse(
        responseCode = "200",
        description = "With dryRun: the primary as it would be",
        content = @Content(schema = @Schema(implementation = PrimaryView.class)))
@ApiResponse(
        responseCode = "409",
        description = "failover-refused: refusal has the reason's code, detail tells it",
        content = @Content(mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE))
class FailoverController {

    private final FailoverDesk desk;
    private final PrimaryAnswers answers;

    FailoverController(FailoverDesk desk, PrimaryAnswers answers) {
        this.desk = desk;
        this.answers = answers;
    }

    @PostMapping("/failover")
    @Operation(
            summary = "Replace the primary, whatever its health",
            description =
                    "Nothing acknowledged is lost: the old primary is fenced by its standbys first, and without proof"
                            + " nothing is promoted, unless allowDataLoss is given with a reason.")
    ResponseEntity<?> failover(
            @PathVariable ClusterId id,
            @Valid @RequestBody(required = false) @Nullable FailoverRequest body,
            WriteRequest write) {
        FailoverRequest request = body == null ? FailoverRequest.EMPTY : body;
        if (request.allowDataLoss()) {
            Force.requireAllowed("allowDataLoss", request.reason());
        }
        String caller = Caller.current().name();
        return ask(
                write,
                id,
                Optional.of(request),
                new FailoverDesk.Asked(
                        request.epoch(),
                        epoch -> new OperatorRequest.Failover(
                                epoch,
                                caller,
                                request.target(),
                                request.allowDataLoss(),
                                request.reason().orElse(""))));
    }

    @PostMapping("/switchover")
    @Operation(
            summary = "Hand the primary's role over with nothing lost and the least interruption",
            description =
                    "The primary is stopped in good order, a standby takes up all of its log and is promoted. With at, this"
                            + " begins then, if it is possible within a minute and nothing is paused.")
    ResponseEntity<?> switchover(
            @PathVariable ClusterId id,
            @Valid @RequestBody(required = false) @Nullable SwitchoverRequest body,
            WriteRequest write) {
        SwitchoverRequest request = body == null ? SwitchoverRequest.EMPTY : body;
        String caller = Caller.current().name();
        if (request.at().isPresent()) {
            return answers.perform(
                    write, id, Optional.of(request), change -> FailoverDesk.schedule(change, id, request, caller));
        }
        return ask(
                write,
                id,
                Optional.of(request),
                new FailoverDesk.Asked(
                        request.epoch(),
                        epoch -> new OperatorRequest.Switchover(
                                epoch,
                                caller,
                                request.target(),
                                request.reason().orElse(""))));
    }

    @PostMapping("/switchover/cancel")
    @Operation(
            summary = "Take a scheduled switchover back",
            description = "One that has begun is given up by /failover/cancel.")
    ResponseEntity<?> unschedule(@PathVariable ClusterId id, WriteRequest write) {
        String caller = Caller.current().name();
        return answers.perform(write, id, Optional.empty(), change -> FailoverDesk.unschedule(change, id, caller));
    }

    @PostMapping("/failover/cancel")
    @Operation(
            summary = "Give the running failover or switchover up, while nothing has been promoted",
            description = "The primary goes on, in a new epoch.")
    ResponseEntity<?> cancel(@PathVariable ClusterId id, WriteRequest write) {
        String caller = Caller.current().name();
        return ask(
                write,
                id,
                Optional.empty(),
                new FailoverDesk.Asked(Optional.empty(), epoch -> new OperatorRequest.Cancel(epoch, caller)));
    }

    @PostMapping("/failover/acknowledge")
    @Operation(
            summary = "Let automatic failovers go on after there were many",
            description = "Says that an operator has looked into them.")
    ResponseEntity<?> acknowledge(@PathVariable ClusterId id, WriteRequest write) {
        String caller = Caller.current().name();
        return ask(
                write,
                id,
                Optional.empty(),
                new FailoverDesk.Asked(
                        Optional.empty(), epoch -> new OperatorRequest.AcknowledgeFlapping(epoch, caller)));
    }

    @PostMapping("/failover/pause")
    @Operation(
            summary = "Let nothing begin by itself in this cluster until failover is resumed",
            description = "What has begun goes on, and operators can still replace the primary.")
    ResponseEntity<?> pause(@PathVariable ClusterId id, @Valid @RequestBody PauseRequest body, WriteRequest write) {
        String caller = Caller.current().name();
        return answers.perform(
                write, id, Optional.of(body), change -> FailoverDesk.pause(change, id, caller, body.reason()));
    }

    @PostMapping("/failover/resume")
    @Operation(summary = "Let failovers of this cluster begin by themselves again")
    ResponseEntity<?> resume(@PathVariable ClusterId id, WriteRequest write) {
        String caller = Caller.current().name();
        return answers.perform(write, id, Optional.empty(), change -> FailoverDesk.resume(change, id, caller));
    }

    private ResponseEntity<?> ask(WriteRequest write, ClusterId id, Optional<?> body, FailoverDesk.Asked asked) {
        AgentSurvey.Answers survey = desk.survey(id);
        return answers.perform(write, id, body, change -> desk.request(change, id, survey, asked));
    }
}
