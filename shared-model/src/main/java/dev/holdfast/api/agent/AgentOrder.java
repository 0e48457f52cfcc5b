package dev.holdfast.api.agent;

import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

/**
 * An order to the agent of one node. Repeating it with the same number and action does no harm, and is how its outcome is
 * learnt while it is in progress.
 *
 * @param number the cluster's; an agent that has accepted a higher one refuses
 */
public record AgentOrder(
        @NotNull ClusterId cluster,
        @NotNull NodeId node,
        @NotNull OrderNumber number,
        @NotNull @Valid OrderAction action) {}
