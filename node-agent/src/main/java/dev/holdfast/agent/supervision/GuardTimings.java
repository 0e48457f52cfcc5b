package dev.holdfast.agent.supervision;

import java.time.Duration;

/**
 * When the guard does what.
 *
 * @param interval from one look to the next; the end of a server that the agent started is looked at at once
 * @param repairPause from one attempt to start a standby to the next
 * @param isolation how long a primary may hear neither the control plane nor its synchronous standbys
 * @param confirmation how long after a freeze a primary goes on serving unconfirmed
 * @param keepReplaced how long data are kept that were replaced by a copy that streams
 */
public record GuardTimings(
        Duration interval, Duration repairPause, Duration isolation, Duration confirmation, Duration keepReplaced) {}
