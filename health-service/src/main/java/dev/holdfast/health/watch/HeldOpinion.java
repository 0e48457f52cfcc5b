package dev.holdfast.health.watch;

import dev.holdfast.model.health.NodeOpinion;
import dev.holdfast.model.health.Opinion;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;

/**
 * An opinion, and where the node was of which it is held.
 *
 * @param address the node's own; the opinion says nothing of the node at any other
 */
public record HeldOpinion(NodeOpinion opinion, Endpoint address) {

    public NodeId node() {
        return opinion.node();
    }

    public boolean is(Opinion kind) {
        return opinion.opinion() == kind;
    }

    /** Whether both say the same of the same node at the same address, whenever and for whatever reason. */
    public boolean agreesWith(HeldOpinion other) {
        return node().equals(other.node()) && is(other.opinion.opinion()) && address.equals(other.address);
    }
}
