package dev.holdfast.model.health;

import dev.holdfast.model.topology.NodeId;
import java.time.Instant;

/**
 * What an observer holds of a node.
 *
 * @param since when the opinion changed, by the observer's clock
 * @param evidence the check that changed it
 */
public record NodeOpinion(ObserverId observer, NodeId node, Opinion opinion, Instant since, ProbeResult evidence) {}
