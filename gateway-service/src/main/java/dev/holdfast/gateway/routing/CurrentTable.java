package dev.holdfast.gateway.routing;

import dev.holdfast.model.store.ClusterState;

/** Holds the routing table in force. One thread updates it, any thread reads it. */
public final class CurrentTable {

    private volatile RoutingTable table = RoutingTable.EMPTY;

    public RoutingTable get() {
        return table;
    }

    /** Puts the table of {@code state} in force and returns the one before. */
    public RoutingTable update(ClusterState state) {
        RoutingTable previous = table;
        table = RoutingTable.of(state, previous);
        return previous;
    }
}
