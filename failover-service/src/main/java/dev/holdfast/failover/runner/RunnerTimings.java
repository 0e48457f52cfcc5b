package dev.holdfast.failover.runner;

import java.time.Duration;

/**
 * How operations are run.
 *
 * @param tickInterval from one look at the running operations to the next, and between two questions to a gateway
 * @param leaseTimeToLive how long a replica that died keeps others from going on with its operations
 * @param retryDelay before an order, hook or lease that failed is tried again
 */
public record RunnerTimings(Duration tickInterval, Duration leaseTimeToLive, Duration retryDelay) {}
