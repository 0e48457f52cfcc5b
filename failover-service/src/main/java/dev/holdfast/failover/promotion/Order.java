package dev.holdfast.failover.promotion;

import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;

/** What a node is told. Carrying one out twice does no harm, and a lower number is refused. */
public sealed interface Order {

    NodeId node();

    OrderNumber number();

    /** Make a new, empty database, and be its primary. */
    record Create(NodeId node, OrderNumber number) implements Order {}

    /** Stop receiving from the upstream, durably, and tell the position reached. */
    record Detach(NodeId node, OrderNumber number) implements Order {}

    /** Become the primary, with these settings before the first write. Only a node detached in this epoch does. */
    record Promote(NodeId node, OrderNumber number, Synchronous synchronous) implements Order {}

    /** Be a standby of the upstream: stop a former primary, rewind what diverged or clone, and stream. */
    record Follow(NodeId node, OrderNumber number, NodeId upstream) implements Order {}

    /** Clone anew, whatever is there: it may not be told from the upstream's own history. */
    record Reinitialise(NodeId node, OrderNumber number, NodeId upstream) implements Order {}

    record Fence(NodeId node, OrderNumber number, Mode mode) implements Order {}

    enum Mode {
        FAST,
        IMMEDIATE
    }

    /** Start in place as the primary that it was. */
    record Resume(NodeId node, OrderNumber number) implements Order {}

    record Synchronise(NodeId node, OrderNumber number, Synchronous synchronous) implements Order {}

    /** Async: the primary may acknowledge until its own clock reads {@code until}; another instance may not. */
    record Lease(NodeId node, OrderNumber number, String instance, Duration until) implements Order {}

    /** Write a row through the primary and read it back. Done by the controller, not by an agent. */
    record Verify(NodeId node, OrderNumber number) implements Order {}
}
