package dev.holdfast.region.topology;

import static dev.holdfast.region.topology.TopologyMedia.JSON;
import static dev.holdfast.region.topology.TopologyMedia.MERGE_PATCH;
import static dev.holdfast.region.topology.TopologyMedia.TEXT_YAML;
import static dev.holdfast.region.topology.TopologyMedia.X_YAML;
import static dev.holdfast.region.topology.TopologyMedia.YAML;

import dev.holdfast.api.Page;
import dev.holdfast.api.RegionDeclaration;
import dev.holdfast.api.RegionView;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.topology.Region;
import dev.holdfast.model.topology.RegionId;
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

/** {@code /api/v1/regions}. */
@RestController
@RequestMapping("/api/v1/regions")
@Tag(name = "Regions", description = "Places that fail as one, and the zones inside them")
class RegionsController {

    private static final String EXAMPLE = """
            {"displayName": "Europe, central", "zones": ["a", "b"], "labels": {"provider": "on-premises"}}""";

    private static final String PATCH_EXAMPLE = """
            {"zones": ["a", "b", "c"], "labels": {"provider": null}}""";

    private final ClusterStateStore store;
    private final Writes writes;
    private final RegionTopology topology;

    RegionsController(ClusterStateStore store, Writes writes, RegionTopology topology) {
        this.store = store;
        this.writes = writes;
        this.topology = topology;
    }

    @GetMapping
    @Operation(summary = "List the regions, ordered by id")
    Page<RegionView> regions(
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RequestParam Optional<RegionId> after) {
        return store.read(view -> {
            Page<Region> page =
                    Pages.of(view.regions(), region -> region.id().value(), after.map(RegionId::value), limit);
            return new Page<>(RegionTopology.views(view, page.items()), page.next());
        });
    }

    @GetMapping("/{id}")
    @Operation(summary = "Show one region")
    RegionView region(@PathVariable RegionId id, HttpServletResponse response) {
        RegionView region = store.read(view -> RegionTopology.view(view, RegionTopology.require(view, id)));
        return Answers.tagged(response, region.version(), region);
    }

    @PutMapping(
            path = "/{id}",
            consumes = {JSON, YAML, X_YAML, TEXT_YAML},
            produces = JSON)
    @Operation(
            summary = "Declare a region",
            description =
                    "Creates the region or makes it what the document says. Declaring what is already so changes nothing.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = {
                @Content(
                        mediaType = JSON,
                        schema = @Schema(implementation = RegionDeclaration.class),
                        examples = @ExampleObject(EXAMPLE)),
                @Content(mediaType = YAML, schema = @Schema(implementation = RegionDeclaration.class))
            })
    @ApiResponse(
            responseCode = "200",
            description = "The region as it now stands",
            content = @Content(mediaType = JSON, schema = @Schema(implementation = RegionView.class)))
    @ApiResponse(
            responseCode = "201",
            description = "The new region",
            content = @Content(mediaType = JSON, schema = @Schema(implementation = RegionView.class)))
    ResponseEntity<?> declare(
            @PathVariable RegionId id, @RequestBody RegionDeclaration declaration, WriteRequest request) {
        return writes.perform(
                request,
                Optional.of(declaration),
                change -> topology.declare(change, request.preconditions(), id, declaration));
    }

    @PatchMapping(
            path = "/{id}",
            consumes = {MERGE_PATCH, JSON},
            produces = JSON)
    @Operation(summary = "Change parts of a region", description = "A JSON merge patch (RFC 7396) of its declaration.")
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MERGE_PATCH,
                            schema = @Schema(implementation = RegionDeclaration.class),
                            examples = @ExampleObject(PATCH_EXAMPLE)))
    @ApiResponse(
            responseCode = "200",
            description = "The region as it now stands",
            content = @Content(mediaType = JSON, schema = @Schema(implementation = RegionView.class)))
    ResponseEntity<?> patch(@PathVariable RegionId id, @RequestBody JsonNode patch, WriteRequest request) {
        return writes.perform(
                request, Optional.of(patch), change -> topology.patch(change, request.preconditions(), id, patch));
    }

    @DeleteMapping("/{id}")
    @Operation(summary = "Delete a region", description = "Refused while nodes stand in it.")
    @ApiResponse(responseCode = "204", description = "It is gone", content = @Content)
    ResponseEntity<?> delete(@PathVariable RegionId id, WriteRequest request) {
        return writes.perform(
                request, Optional.empty(), change -> topology.delete(change, request.preconditions(), id));
    }
}
