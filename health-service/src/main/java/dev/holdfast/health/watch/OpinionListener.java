package dev.holdfast.health.watch;

import dev.holdfast.model.topology.NodeId;
import java.util.Set;

/** Learns that this observer holds something new. Called on the check loop's thread, so it must not block. */
public interface OpinionListener {

    /** {@link Watch#held} has changed for the node. */
    void opinionChanged(NodeId node);

    /** {@link Watch#isolation} has changed. */
    void isolationChanged();

    /** These nodes should be checked at once, so that it can be told whether this observer is cut off: an opinion waits. */
    void lookAround(Set<NodeId> nodes);

    /** These nodes should be checked soon, so that it can be told whether this observer is still cut off. */
    void lookAgain(Set<NodeId> nodes);
}
