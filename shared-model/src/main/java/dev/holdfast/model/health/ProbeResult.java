package dev.holdfast.model.health;

import java.time.Duration;
import java.time.Instant;

/**
 * The outcome of one check of one node.
 *
 * @param at when it ended, by the observer's clock
 * @param detail what was seen, in words for people, such as {@code "503 from GET /health"}; at most 300 characters
 */
public record ProbeResult(ProbeOutcome outcome, Instant at, Duration latency, String detail) {

    private static final int MAX_DETAIL = 300;

    public ProbeResult {
        if (detail.length() > MAX_DETAIL) {
            detail = detail.substring(0, MAX_DETAIL);
        }
    }
}
