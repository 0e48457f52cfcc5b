package dev.holdfast.health.probe;

import dev.holdfast.health.opinion.Sighting;
import dev.holdfast.model.health.ProbeResult;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.util.Map;

/** Learns of every check that counts. Called on the scheduler's one thread, so it must not block. */
public interface CheckListener {

    /** Exactly these are checked from now on. A node at another address than before is another node. */
    void following(Map<NodeId, CheckTarget> targets);

    /**
     * A check has ended.
     *
     * @return the longest pause from the start of this check to the start of the next
     */
    Duration checked(CheckTarget target, Sighting sighting, ProbeResult result);

    /** Time has passed; called some twenty times a second. */
    void ticked(Duration now);
}
