package dev.holdfast.health.opinion;

import dev.holdfast.model.health.ProbeOutcome;
import java.time.Duration;

/**
 * One check as the opinion rule sees it. Times are on the observer's monotonic clock, from an arbitrary zero.
 *
 * @param startedAt when the check set out
 * @param endedAt when its outcome was known
 */
public record Sighting(ProbeOutcome outcome, Duration startedAt, Duration endedAt) {}
