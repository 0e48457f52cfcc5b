package dev.holdfast.health.isolation;

import java.time.Duration;

/**
 * When an observer holds itself for cut off.
 *
 * @param window how recently nodes must have begun to fail to count as failing suddenly
 * @param minimumTargets with fewer nodes held UP than this, their failures are believed
 */
public record IsolationSettings(Duration window, int minimumTargets) {}
