package dev.holdfast.region.topology;

import static dev.holdfast.region.topology.TopologyMedia.JSON;
import static dev.holdfast.region.topology.TopologyMedia.MERGE_PATCH;
import static dev.holdfast.region.topology.TopologyMedia.TEXT_YAML;
import static dev.holdfast.region.topology.TopologyMedia.X_YAML;
import static dev.holdfast.region.topology.TopologyMedia.YAML;

import dev.holdfast.api.ClusterDeclaration;
import dev.holdfast.api.ClusterView;
import dev.holdfast.api.Page;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.region.request.Writes;
import dev.holdfast.web.WriteRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
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

/** {@code /api/v1/clusters}. */
@RestController
@RequestMapping("/api/v1/clusters")
@Tag(name = "Clusters", description = "Groups of interchangeable nodes behind common routes")
class ClustersController {

    private static final String YAML_EXAMPLE = """
            routes:
              - host: shop.example.com
                pathPrefix: /
            check:
              path: /health
              interval: 1s
              timeout: 500ms
            synchronisation:
              path: /synchronised
            nodes:
              - {id: shop-1, region: eu, zone: a, address: "10.0.0.7:8080"}
              - {id: shop-2, region: eu, zone: b, address: "10.0.1.7:8080", weight: 2}
            """;

    private static final String JSON_EXAMPLE = """
            {
              "routes": [{"host": "shop.example.com", "pathPrefix": "/"}],
              "check": {"path": "/health", "interval": "1s", "timeout": "500ms"},
              "synchronisation": {"path": "/synchronised"},
              "nodes": [
                {"id": "shop-1", "region": "eu", "zone": "a", "address": "10.0.0.7:8080"},
                {"id": "shop-2", "region": "eu", "zone": "b", "address": "10.0.1.7:8080", "weight": 2}
              ]
            }""";

    private static final String PATCH_EXAMPLE = """
            {"check": {"interval": "250ms", "timeout": "200ms"}, "restart": null}""";

    private final ClusterStateStore store;
    private final Writes writes;
    private final ClusterTopology topology;

    ClustersController(ClusterStateStore store, Writes writes, ClusterTopology topology) {
        this.store = store;
        this.writes = writes;
        this.topology = topology;
    }

    @GetMapping
    @Operation(summary = "List the clusters with their nodes, ordered by id")
    Page<ClusterView> clusters(
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam Optional<ClusterId> after) {
        return store.read(view -> {
            Page<Cluster> page =
                    Pages.of(view.clusters(), cluster -> cluster.id().value(), after.map(ClusterId::value), limit);
            return new Page<>(
                    page.items().stream()
                            .map(cluster -> ClusterTopology.view(view, cluster))
                            .toList(),
                    page.next());
        });
    }

    @GetMapping("/{id}")
    @Operation(
            summary = "Show one cluster",
            description = "Its declaration, and its nodes as they stand. The ETag is the version of the declaration.")
    ClusterView cluster(@PathVariable ClusterId id, HttpServletResponse response) {
        ClusterView cluster = store.read(view -> ClusterTopology.view(view, ClusterTopology.require(view, id)));
        return Answers.tagged(response, cluster.version(), cluster);
    }

    @PutMapping(
            path = "/{id}",
            consumes = {JSON, YAML, X_YAML, TEXT_YAML},
            produces = JSON)
    @Operation(summary = "Declare a cluster whole", description = """
                    Creates the cluster or makes it what the document says: members that are left out take their defaults, \
                    and nodes that are not listed are removed (requests in progress are not cut off). A node whose adminState is left out keeps the one it has. \
                    A new node, and one at a new address, takes traffic once it has answered its checks and its \
                    synchronisation hook. Declaring what is already so changes nothing.""")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = {
                @Content(
                        mediaType = YAML,
                        schema = @Schema(implementation = ClusterDeclaration.class),
                        examples = @ExampleObject(YAML_EXAMPLE)),
                @Content(
                        mediaType = JSON,
                        schema = @Schema(implementation = ClusterDeclaration.class),
                        examples = @ExampleObject(JSON_EXAMPLE))
            })
    @ApiResponse(
            responseCode = "200",
            description = "The cluster as it now stands",
            content = @Content(mediaType = JSON, schema = @Schema(implementation = ClusterView.class)))
    @ApiResponse(
            responseCode = "201",
            description = "The new cluster",
            content = @Content(mediaType = JSON, schema = @Schema(implementation = ClusterView.class)))
    ResponseEntity<?> declare(
            @PathVariable ClusterId id, @RequestBody ClusterDeclaration declaration, WriteRequest request) {
        return writes.perform(
                request,
                Optional.of(declaration),
                change -> topology.declare(change, request.preconditions(), id, declaration));
    }

    @PatchMapping(
            path = "/{id}",
            consumes = {MERGE_PATCH, JSON},
            produces = JSON)
    @Operation(
            summary = "Change parts of a cluster",
            description = "A JSON merge patch (RFC 7396) of its declaration; a list is replaced whole.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MERGE_PATCH,
                            schema = @Schema(implementation = ClusterDeclaration.class),
                            examples = @ExampleObject(PATCH_EXAMPLE)))
    @ApiResponse(
            responseCode = "200",
            description = "The cluster as it now stands",
            content = @Content(mediaType = JSON, schema = @Schema(implementation = ClusterView.class)))
    ResponseEntity<?> patch(@PathVariable ClusterId id, @RequestBody JsonNode patch, WriteRequest request) {
        return writes.perform(
                request, Optional.of(patch), change -> topology.patch(change, request.preconditions(), id, patch));
    }

    @DeleteMapping("/{id}")
    @Operation(summary = "Delete a cluster with its nodes")
    @ApiResponse(responseCode = "204", description = "It is gone", content = @Content)
    ResponseEntity<?> delete(@PathVariable ClusterId id, WriteRequest request) {
        return writes.perform(
                request, Optional.empty(), change -> topology.delete(change, request.preconditions(), id));
    }
}
