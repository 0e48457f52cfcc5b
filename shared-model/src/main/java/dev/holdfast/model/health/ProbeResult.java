package dev.holdfast.model.health;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The outcome of one check of one node.
 *
 * @param at when it ended, by the observer's clock
 * @param latency how long it took, rounded up to whole milliseconds
 * @param detail what was seen, in words for people, such as {@code "503 from GET /health"}; at most 300 characters
 */
public record ProbeResult(ProbeOutcome outcome, Instant at, Duration latency, String detail) {

    private static final int MAX_DETAIL = 300;

    private static final long NANOS_PER_MILLISECOND = 1_000_000;

    public ProbeResult {
        latency = latency.plusNanos(NANOS_PER_MILLISECOND - 1).truncatedTo(ChronoUnit.MILLIS);
        if (detail.length() > MAX_DETAIL) {
            detail = detail.substring(0, MAX_DETAIL);
        }
    }
}
