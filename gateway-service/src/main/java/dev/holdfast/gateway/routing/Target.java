package dev.holdfast.gateway.routing;

import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;

/**
 * A serving node: enabled, synchronised, and of some weight.
 *
 * @param weight above 0
 * @param healthy by the last decision of a quorum; only in panic does an unhealthy one get requests
 */
public record Target(NodeId id, RegionId region, ZoneId zone, Endpoint address, int weight, boolean healthy) {}
