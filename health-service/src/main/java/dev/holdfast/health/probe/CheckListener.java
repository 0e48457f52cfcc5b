package dev.holdfast.health.probe;

import dev.holdfast.health.opinion.Sighting;
import dev.holdfast.model.health.ProbeResult;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.util.Set;

/** Learns of every check that counts. Called on the scheduler's one thread, so it must not block. */
public interface CheckListener {

    /** Exactly these nodes are checked from now on. */
    void following(Set<NodeId> nodes);

    /**
     * A check has ended.
     *
     * @return the longest pause from the start of this check to the start of the next
     */
    Duration checked(CheckTarget target, Sighting sighting, ProbeResult result);

    /** Time has passed; called some twenty times a second. */
    void ticked(Duration now);
}
