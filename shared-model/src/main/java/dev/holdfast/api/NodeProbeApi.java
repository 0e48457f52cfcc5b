package dev.holdfast.api;

import dev.holdfast.model.health.ProbeResult;
import dev.holdfast.model.topology.NodeId;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** What services ask of the observers; served by each health-service replica for itself. */
@HttpExchange("/api/v1")
public interface NodeProbeApi {

    /** Checks the node now and answers with the outcome, which also counts as a regular check. */
    @PostExchange("/nodes/{id}/probe")
    ProbeResult probe(@PathVariable NodeId id);
}
