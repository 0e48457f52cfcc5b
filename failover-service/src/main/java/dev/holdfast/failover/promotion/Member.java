package dev.holdfast.failover.promotion;

import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RegionId;

/**
 * A node of the cluster, as declared.
 *
 * @param priority the higher, the rather it is promoted
 * @param nofailover it is never promoted
 */
public record Member(NodeId id, RegionId region, int priority, boolean nofailover) {}
