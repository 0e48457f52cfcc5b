package dev.holdfast.api;

import dev.holdfast.model.topology.NodeId;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/** The part of the topology API that other services use; served by region-service. */
@HttpExchange("/api/v1/nodes")
public interface NodesApi {

    @GetExchange("/{id}")
    NodeView node(@PathVariable NodeId id);

    /**
     * Sets the admin state. Setting the state that the node already has changes nothing and succeeds.
     *
     * @param force takes out even the last node of its cluster that takes traffic
     */
    @PutExchange("/{id}/admin-state")
    NodeView setAdminState(
            @PathVariable NodeId id, @RequestParam boolean force, @RequestBody AdminStateRequest request);
}
