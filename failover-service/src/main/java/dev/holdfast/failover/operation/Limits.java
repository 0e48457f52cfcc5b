package dev.holdfast.failover.operation;

import java.time.Duration;

/**
 * How long each kind of wait may last when the request doesn't say.
 *
 * @param orderTimeout until an admin state that was ordered is in the store
 * @param peersTimeout until enough other nodes take traffic
 * @param restartTimeout until a node has been restarted, and again until it has answered its checks
 * @param confirmationTimeout until an operator confirms a restart by hand
 * @param healthyTimeout until an enabled node takes traffic
 * @param resumeGrace what a step gets at least after its runner was away, so that nothing fails for that alone
 */
public record Limits(
        Duration orderTimeout,
        Duration peersTimeout,
        Duration restartTimeout,
        Duration confirmationTimeout,
        Duration healthyTimeout,
        Duration resumeGrace) {}
