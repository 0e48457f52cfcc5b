package dev.holdfast.api.agent;

import java.util.Optional;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** What failover-service asks of an agent; served by each agent for its node. */
@HttpExchange("/api/v1/agent")
public interface AgentApi {

    /**
     * The state of the node.
     *
     * @param epoch of the cluster as the caller knows it; asked by a service, it tells the agent that the control plane is
     *     there, and, when it is the agent's own, that the node's role still holds; empty when the caller doesn't know it
     * @param known the state that the caller has been told last; the agent answers as soon as PostgreSQL is in another one
     * @param holdMillis for how long it may hold its answer back otherwise, in milliseconds
     */
    @GetExchange("/state")
    AgentReport state(
            @RequestParam Optional<Long> epoch,
            @RequestParam Optional<PostgresState> known,
            @RequestParam Optional<Integer> holdMillis);

    /** Gives an order, and waits a short time for it to be done; repeat it while the answer says IN_PROGRESS. */
    @PostExchange("/orders")
    OrderAnswer order(@RequestBody AgentOrder order);
}
