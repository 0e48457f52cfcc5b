package dev.holdfast.failover.agent;

import dev.holdfast.api.agent.AgentApi;
import dev.holdfast.model.topology.Endpoint;

/** Makes the client of the agent at an address. */
@FunctionalInterface
public interface AgentCalls {

    /** Each call of the client ends within a timeout, and throws a {@code RestClientException} when it fails. */
    AgentApi at(Endpoint address);
}
