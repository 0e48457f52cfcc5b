package dev.holdfast.health.watch;

import dev.holdfast.model.topology.NodeId;
import java.util.Set;

/** Learns that this observer holds something new. Called on the check loop's thread, so it must not block. */
public interface OpinionListener {

    /** {@link Watch#held} has changed for the node. */
    void opinionChanged(NodeId node);

    /** {@link Watch#isolation} has changed. */
    void isolationChanged();

    /** These nodes should be checked at once, so that it can be told whether this observer is cut off. */
    void lookAround(Set<NodeId> nodes);
}
