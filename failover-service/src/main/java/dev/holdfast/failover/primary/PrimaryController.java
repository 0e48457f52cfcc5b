package dev.holdfast.failover.primary;

import dev.holdfast.api.PrimaryView;
import dev.holdfast.api.VersionTag;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.topology.ClusterId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Shows the primary of a cluster, and what would be done about it. */
@RestController
@RequestMapping(path = "/api/v1/clusters/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Failover", description = "Who is primary of a cluster, and how it is replaced")
class PrimaryController {

    private final ClusterStateStore store;
    private final FailoverDesk desk;

    PrimaryController(ClusterStateStore store, FailoverDesk desk) {
        this.store = store;
        this.desk = desk;
    }

    @GetMapping("/primary")
    @Operation(summary = "Show the primary of a cluster, and what is being done about it")
    @ApiResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = PrimaryView.class)))
    ResponseEntity<PrimaryView> primary(@PathVariable ClusterId id) {
        PrimaryView primary = store.read(view -> PrimaryView.of(view, FailoverDesk.primary(view, id)));
        return ResponseEntity.ok().eTag(VersionTag.of(primary.version())).body(primary);
    }

    @GetMapping("/explain")
    @Operation(
            summary = "What would be done about the primary now, and why or why not",
            description = "Asks every agent; changes nothing.")
    ExplanationView explain(@PathVariable ClusterId id) {
        return desk.explain(id);
    }
}
