package dev.holdfast.failover.primary;

import java.time.Duration;

/**
 * How often and how long the keeping of primaries takes its steps.
 *
 * @param tickInterval from one look at a cluster to the next, when nothing calls for one before
 * @param leaseTimeToLive how long a replica that died keeps the others from going on with its clusters
 * @param pollInterval from one question to an agent to the next
 */
public record PrimaryTimings(Duration tickInterval, Duration leaseTimeToLive, Duration pollInterval) {}
