package dev.holdfast.model.replication;

import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.Optional;

/**
 * A switchover that an operator asked for at a time.
 *
 * @param at when it is due
 * @param from the primary that it replaces; it is void once another node is primary
 * @param target who shall become primary; empty for the best standby there is then
 * @param by the operator
 * @param reason may be empty
 */
public record ScheduledSwitchover(Instant at, NodeId from, Optional<NodeId> target, String by, String reason) {}
