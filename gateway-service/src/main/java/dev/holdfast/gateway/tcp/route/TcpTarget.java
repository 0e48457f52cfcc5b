package dev.holdfast.gateway.tcp.route;

import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;

/** A node where it listens now. The same node at another address is another target: nothing says that it is the same server. */
public record TcpTarget(NodeId node, Endpoint address) {

    public static TcpTarget of(Node node) {
        return new TcpTarget(node.id(), node.address());
    }
}
