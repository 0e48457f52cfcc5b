package dev.holdfast.failover.report;

import dev.holdfast.api.Page;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.topology.ClusterId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows failovers, as far as the journal goes back. */
@RestController
@RequestMapping(path = "/api/v1/failovers", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Failover", description = "Who is primary of a cluster, and how it is replaced")
class FailoversController {

    /** A failover has about eight events: some hundreds of them are looked through. */
    private static final int MAX_EVENTS = 4_000;

    private final ClusterStateStore store;

    FailoversController(ClusterStateStore store) {
        this.store = store;
    }

    @GetMapping
    @Operation(
            summary = "List failovers and switchovers, the newest first",
            description = "The newest few hundred, as far as the journal goes back.")
    Page<FailoverReport> failovers(
            @RequestParam Optional<ClusterId> cluster,
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @Parameter(description = "The page's next, to go on from there") @RequestParam Optional<String> after) {
        Optional<Revision> before = after.map(FailoversController::revision);
        List<FailoverReport> found = reports(cluster).stream()
                .filter(report -> before.isEmpty() || before.get().isAfter(report.began()))
                .toList();
        if (found.size() <= limit) {
            return new Page<>(found, Optional.empty());
        }
        List<FailoverReport> page = found.subList(0, limit);
        return new Page<>(page, Optional.of(page.getLast().began().toString()));
    }

    private static Revision revision(String after) {
        try {
            return new Revision(Long.parseLong(after));
        } catch (IllegalArgumentException e) {
            throw ProblemException.ofField(ProblemCode.MALFORMED_REQUEST, "after", "is what a page gave as its next");
        }
    }

    @GetMapping("/{id}")
    @Operation(
            summary = "The report of a failover",
            description =
                    "How long each phase took, how long writes were not acknowledged, and what may have been lost.")
    FailoverReport failover(@PathVariable String id) {
        return reports(Optional.empty()).stream()
                .filter(report -> report.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.FAILOVER_NOT_FOUND,
                        "There is no failover " + id
                                + " as far as the journal goes back; GET /api/v1/failovers lists them."));
    }

    private List<FailoverReport> reports(Optional<ClusterId> cluster) {
        return store.<List<FailoverReport>>read(view -> FailoverReports.read(view, cluster, MAX_EVENTS));
    }
}
