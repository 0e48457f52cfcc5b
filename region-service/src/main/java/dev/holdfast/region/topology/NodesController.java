package dev.holdfast.region.topology;

import static dev.holdfast.region.topology.TopologyMedia.JSON;
import static dev.holdfast.region.topology.TopologyMedia.MERGE_PATCH;
import static dev.holdfast.region.topology.TopologyMedia.TEXT_YAML;
import static dev.holdfast.region.topology.TopologyMedia.X_YAML;
import static dev.holdfast.region.topology.TopologyMedia.YAML;

import dev.holdfast.api.AdminStateRequest;
import dev.holdfast.api.NodeDeclaration;
import dev.holdfast.api.NodeView;
import dev.holdfast.api.Page;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import dev.holdfast.region.request.Writes;
import dev.holdfast.web.Force;
import dev.holdfast.web.WriteRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** {@code /api/v1/nodes}, the part that declares nodes and sets their admin state. */
@RestController
@RequestMapping("/api/v1/nodes")
@Tag(name = "Nodes", description = "The members of clusters")
class NodesController {

    private static final String EXAMPLE = """
            {"cluster": "shop", "region": "eu", "zone": "a", "address": "10.0.0.9:8080", "weight": 2}""";

    private final ClusterStateStore store;
    private final Writes writes;
    private final NodeTopology topology;

    NodesController(ClusterStateStore store, Writes writes, NodeTopology topology) {
        this.store = store;
        this.writes = writes;
        this.topology = topology;
    }

    @GetMapping
    @Operation(summary = "List the nodes, ordered by id", description = "Filters that are left out match every node.")
    Page<NodeView> nodes(
            @RequestParam Optional<ClusterId> cluster,
            @RequestParam Optional<RegionId> region,
            @RequestParam Optional<ZoneId> zone,
            @RequestParam Optional<AdminState> adminState,
            @RequestParam Optional<HealthStatus> health,
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam Optional<NodeId> after) {
        List<NodeView> matching = store.read(NodesController::all).stream()
                .filter(node -> cluster.isEmpty() || cluster.get().equals(node.cluster()))
                .filter(node -> region.isEmpty() || region.get().equals(node.region()))
                .filter(node -> zone.isEmpty() || zone.get().equals(node.zone()))
                .filter(node -> adminState.isEmpty() || adminState.get() == node.adminState())
                .filter(node -> health.isEmpty() || health.get() == node.health())
                .toList();
        return Pages.of(matching, node -> node.id().value(), after.map(NodeId::value), limit);
    }

    @GetMapping("/{id}")
    @Operation(summary = "Show one node")
    NodeView node(@PathVariable NodeId id, HttpServletResponse response) {
        NodeView node = store.read(view -> NodeTopology.view(view, NodeTopology.require(view, id)));
        return Answers.tagged(response, node.version(), node);
    }

    @PutMapping(
            path = "/{id}",
            consumes = {JSON, YAML, X_YAML, TEXT_YAML},
            produces = JSON)
    @Operation(summary = "Declare one node of a cluster", description = """
                    Adds the node to its cluster or makes it what the document says. When adminState is left out it keeps \
                    the one it has. A new node, and one at a new address, takes traffic once it has answered its checks \
                    and its cluster's synchronisation hook.""")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = {
                @Content(
                        mediaType = JSON,
                        schema = @Schema(implementation = NodeDeclaration.class),
                        examples = @ExampleObject(EXAMPLE)),
                @Content(mediaType = YAML, schema = @Schema(implementation = NodeDeclaration.class))
            })
    @ApiResponse(
            responseCode = "200",
            description = "The node as it now stands",
            content = @Content(mediaType = JSON, schema = @Schema(implementation = NodeView.class)))
    @ApiResponse(
            responseCode = "201",
            description = "The new node",
            content = @Content(mediaType = JSON, schema = @Schema(implementation = NodeView.class)))
    ResponseEntity<?> declare(@PathVariable NodeId id, @RequestBody NodeDeclaration declaration, WriteRequest request) {
        return writes.perform(
                request,
                Optional.of(declaration),
                change -> topology.declare(change, request.preconditions(), id, declaration));
    }

    @PatchMapping(
            path = "/{id}",
            consumes = {MERGE_PATCH, JSON},
            produces = JSON)
    @Operation(summary = "Change parts of a node", description = "A JSON merge patch (RFC 7396) of its declaration.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MERGE_PATCH,
                            schema = @Schema(implementation = NodeDeclaration.class),
                            examples = @ExampleObject("{\"weight\": 5}")))
    @ApiResponse(
            responseCode = "200",
            description = "The node as it now stands",
            content = @Content(mediaType = JSON, schema = @Schema(implementation = NodeView.class)))
    ResponseEntity<?> patch(@PathVariable NodeId id, @RequestBody JsonNode patch, WriteRequest request) {
        return writes.perform(
                request, Optional.of(patch), change -> topology.patch(change, request.preconditions(), id, patch));
    }

    @DeleteMapping("/{id}")
    @Operation(summary = "Delete one node from its cluster", description = """
                    Gateways send it no new requests from then on, and don't cut off those in progress; drain it first to \
                    know when these have ended.""")
    @ApiResponse(responseCode = "204", description = "It is gone", content = @Content)
    ResponseEntity<?> delete(@PathVariable NodeId id, WriteRequest request) {
        return writes.perform(
                request, Optional.empty(), change -> topology.delete(change, request.preconditions(), id));
    }

    @PutMapping(
            path = "/{id}/admin-state",
            consumes = {JSON, YAML, X_YAML, TEXT_YAML},
            produces = JSON)
    @Operation(summary = "Set a node's admin state", description = """
                    Takes effect at once; POST /api/v1/nodes/{id}/drain, /maintenance and /enable also wait until the \
                    node has come so far. The last node of a cluster that takes traffic is not taken out, unless an \
                    administrator sends force=true with a reason. A node that leaves MAINTENANCE is synchronised anew before it takes traffic. \
                    Setting the state it has changes nothing.""")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = JSON,
                            schema = @Schema(implementation = AdminStateRequest.class),
                            examples =
                                    @ExampleObject("{\"adminState\": \"DRAINING\", \"reason\": \"disk is failing\"}")))
    @ApiResponse(
            responseCode = "200",
            description = "The node as it now stands",
            content = @Content(mediaType = JSON, schema = @Schema(implementation = NodeView.class)))
    ResponseEntity<?> setAdminState(
            @PathVariable NodeId id,
            @Parameter(description = "Although no other node takes traffic; needs the scope admin and a reason")
                    @RequestParam(defaultValue = "false")
                    boolean force,
            @RequestBody AdminStateRequest wanted,
            WriteRequest request) {
        if (force) {
            Force.requireAllowed(wanted.reason());
        }
        return writes.perform(
                request,
                Optional.of(wanted),
                change -> topology.setAdminState(change, request.preconditions(), id, wanted, force));
    }

    private static List<NodeView> all(StateView view) {
        return ClusterStateReplica.readAll(view).clusters().values().stream()
                .flatMap(members -> members.nodes().stream().map(node -> NodeView.of(node, members)))
                .sorted(Comparator.comparing(NodeView::id))
                .toList();
    }
}
