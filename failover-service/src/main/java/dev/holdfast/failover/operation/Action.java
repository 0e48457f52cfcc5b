package dev.holdfast.failover.operation;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RestartHook;
import java.time.Duration;

/** What is to be done now for a running step. Doing it twice does no harm. */
public sealed interface Action {

    NodeId node();

    /**
     * Sets the node's admin state, unless the node has changed since {@code basedOn}: an order that comes late must not
     * undo what came after it.
     *
     * @param force even when no other node of the cluster would take traffic
     */
    record SetAdminState(NodeId node, AdminState adminState, Revision basedOn, boolean force, String reason)
            implements Action {}

    /** Asks every gateway what it does with the node. */
    record AskGateways(NodeId node) implements Action {}

    /** Calls the hook that restarts the node. */
    record CallRestartHook(NodeId node, ClusterId cluster, Endpoint address, RestartHook hook) implements Action {}

    /**
     * Has the node checked once.
     *
     * @param interval from one check to the next
     * @param timeout of the check itself
     */
    record CheckNode(NodeId node, Duration interval, Duration timeout) implements Action {}
}
