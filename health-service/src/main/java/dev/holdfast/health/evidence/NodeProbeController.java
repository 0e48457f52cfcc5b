package dev.holdfast.health.evidence;

import dev.holdfast.api.NodeProbeApi;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.health.observer.LocalObserver;
import dev.holdfast.model.health.ProbeResult;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.topology.NodeId;
import io.swagger.v3.oas.annotations.Operation;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Checks nodes on request. */
@RestController
class NodeProbeController implements NodeProbeApi {

    /** Beyond a check under way and one after it. */
    private static final Duration SLACK = Duration.ofSeconds(2);

    private final ClusterStateStore store;
    private final LocalObserver local;

    NodeProbeController(ClusterStateStore store, LocalObserver local) {
        this.store = store;
        this.local = local;
    }

    @Operation(summary = "Checks the node now from this replica; the outcome counts as a regular check")
    @Override
    public ProbeResult probe(@PathVariable NodeId id) {
        Duration timeout =
                store.read(view -> Nodes.check(view, Nodes.node(view, id))).timeout();
        return local.checkNow(id)
                .timeout(timeout.multipliedBy(2).plus(SLACK))
                .onErrorMap(
                        TimeoutException.class,
                        late -> unavailable("The check of node " + id + " didn't end in time. Try again."))
                .blockOptional()
                .orElseThrow(
                        () -> unavailable("This observer doesn't know node " + id + " yet. Try again in a second."));
    }

    private static ProblemException unavailable(String detail) {
        return new ProblemException(ProblemCode.SERVICE_UNAVAILABLE, detail);
    }
}
