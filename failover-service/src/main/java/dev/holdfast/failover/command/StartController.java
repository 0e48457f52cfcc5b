package dev.holdfast.failover.command;

import dev.holdfast.api.OperationView;
import dev.holdfast.failover.operation.OperationOrder;
import dev.holdfast.failover.operation.OperationParameters;
import dev.holdfast.model.operation.OperationType;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.web.Caller;
import dev.holdfast.web.Force;
import dev.holdfast.web.WriteRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Starts operations on nodes and clusters. */
@RestController
@RequestMapping(path = "/api/v1", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Operations", description = "Work on nodes and clusters that takes longer than a request")
@ApiResponse(
        responseCode = "202",
        description = "Started; Location names the operation",
        content = @Content(schema = @Schema(implementation = OperationView.class)))
@ApiResponse(
        responseCode = "200",
        description = "With dryRun: what would be done",
        content = @Content(schema = @Schema(implementation = OperationPlanView.class)))
@ApiResponse(
        responseCode = "409",
        description =
                "operation-in-progress, last-healthy-node, node-is-primary, cluster-not-ready or wrong-kind-of-cluster",
        content = @Content(mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE))
class StartController {

    private final OperationDesk desk;
    private final OperationAnswers answers;

    StartController(OperationDesk desk, OperationAnswers answers) {
        this.desk = desk;
        this.answers = answers;
    }

    @PostMapping("/nodes/{id}/drain")
    @Operation(
            summary = "Give a node no new requests and let the ones it has end",
            description = "Goes on after the timeout even if requests are left, and says how many were cut.")
    ResponseEntity<?> drain(
            @PathVariable NodeId id,
            @Parameter(description = "Although no other node takes traffic; needs the scope admin and a reason")
                    @RequestParam(defaultValue = "false")
                    boolean force,
            @Valid @RequestBody(required = false) @Nullable NodeOperationRequest body,
            WriteRequest write) {
        return startOnNode(OperationType.DRAIN, id, body, force, write);
    }

    @PostMapping("/nodes/{id}/maintenance")
    @Operation(summary = "Drain a node and take it out of service")
    ResponseEntity<?> maintenance(
            @PathVariable NodeId id,
            @Parameter(description = "Although no other node takes traffic; needs the scope admin and a reason")
                    @RequestParam(defaultValue = "false")
                    boolean force,
            @Valid @RequestBody(required = false) @Nullable NodeOperationRequest body,
            WriteRequest write) {
        return startOnNode(OperationType.MAINTENANCE, id, body, force, write);
    }

    @PostMapping("/nodes/{id}/enable")
    @Operation(summary = "Bring a node back into service and wait until it takes traffic")
    ResponseEntity<?> enable(
            @PathVariable NodeId id,
            @Valid @RequestBody(required = false) @Nullable NodeOperationRequest body,
            WriteRequest write) {
        return startOnNode(OperationType.ENABLE, id, body, false, write);
    }

    @PostMapping("/clusters/{id}/rolling-restart")
    @Operation(
            summary = "Restart the nodes of a cluster, a few at a time",
            description =
                    "Drains each node, has it restarted by the cluster's hook (or waits for an operator who does so and"
                            + " confirms), checks it, and brings it back before the next one leaves. Stops at the first node that"
                            + " doesn't come back.")
    ResponseEntity<?> rollingRestart(
            @PathVariable ClusterId id,
            @Parameter(description = "Although too few nodes take traffic; needs the scope admin and a reason")
                    @RequestParam(defaultValue = "false")
                    boolean force,
            @Valid @RequestBody(required = false) @Nullable RollingRestartRequest body,
            WriteRequest write) {
        RollingRestartRequest request = body == null ? RollingRestartRequest.EMPTY : body;
        OperationOrder order = new OperationOrder(
                OperationType.ROLLING_RESTART,
                Optional.empty(),
                new OperationParameters(
                        request.reason(),
                        force,
                        Optional.of(request.maxUnavailable()),
                        request.nodes(),
                        Optional.empty(),
                        request.restartTimeout(),
                        request.healthyTimeout()));
        return start(write, request, order, change -> {
            Cluster cluster = desk.cluster(change, id);
            write.preconditions().require("the cluster " + id, Optional.of(cluster.version()));
            return id;
        });
    }

    private ResponseEntity<?> startOnNode(
            OperationType type, NodeId id, @Nullable NodeOperationRequest body, boolean force, WriteRequest write) {
        NodeOperationRequest request = body == null ? NodeOperationRequest.EMPTY : body;
        OperationOrder order = new OperationOrder(
                type,
                Optional.of(id),
                new OperationParameters(
                        request.reason(),
                        force,
                        Optional.empty(),
                        List.of(),
                        request.timeout(),
                        Optional.empty(),
                        Optional.empty()));
        return start(write, request, order, change -> {
            Node node = desk.node(change, id);
            write.preconditions().require("the node " + id, Optional.of(node.version()));
            return node.cluster();
        });
    }

    /** @param target the cluster that the operation is to run on, once the request's preconditions hold */
    private ResponseEntity<?> start(
            WriteRequest write, Object body, OperationOrder order, Function<StateChange, ClusterId> target) {
        if (order.parameters().force()) {
            Force.requireAllowed(order.parameters().reason());
        }
        String caller = Caller.current().name();
        return answers.perform(
                write, body, change -> desk.start(change, target.apply(change), order, caller), OperationPlanView::of);
    }
}
