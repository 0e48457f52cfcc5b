package dev.holdfast.gateway.tcp.route;

import dev.holdfast.model.topology.ClusterId;

/** Names a listener; it stays the same when the port moves. */
public record ListenerId(ClusterId cluster, ListenerKind kind) {

    @Override
    public String toString() {
        return kind.tag() + " listener of cluster " + cluster;
    }
}
