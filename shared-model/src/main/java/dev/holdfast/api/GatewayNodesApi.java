package dev.holdfast.api;

import dev.holdfast.model.topology.NodeId;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;

/** What a gateway tells about itself; served by each gateway on its control port. */
@HttpExchange("/api/v1/gateway")
public interface GatewayNodesApi {

    /** What this gateway does with the node; also answers for nodes it doesn't know. */
    @GetExchange("/nodes/{id}")
    GatewayNodeView node(@PathVariable NodeId id);
}
