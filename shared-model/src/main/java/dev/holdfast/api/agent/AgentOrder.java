package dev.holdfast.api.agent;

import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

/**
 * An order to the agent of one node.
 *
 * @param epoch the cluster's; an agent that has seen a later one refuses
 * @param id repeating an order with the same id and epoch has no further effect and is answered alike
 */
public record AgentOrder(
        @NotNull ClusterId cluster,
        @NotNull NodeId node,
        @NotNull Epoch epoch,
        @NotNull OrderId id,
        @NotNull @Valid OrderAction action) {}
