package dev.holdfast.model.topology;

import static java.util.Objects.requireNonNullElse;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * When a gateway tries another node. A request that may have reached a node is tried again only when it is idempotent.
 *
 * @param maxAttempts tries in all, each on an untried node; default 3, 1 switches retries off
 * @param perTryTimeout how long an idempotent request waits for response headers before an untried node is asked, when
 *     the budget allows; default 1 s
 * @param requestTimeout until response headers, over all tries; then 504; default 30 s
 * @param budgetPercent retries allowed, in percent of the requests of the last 10 s; default 20
 * @param budgetMinimumPerSecond retries a second that are allowed however few requests there are; default 3
 */
public record Retries(
        @Min(1) @Max(10) Integer maxAttempts,
        @DurationMin(millis = 10) @DurationMax(hours = 1) Duration perTryTimeout,
        @DurationMin(millis = 10) @DurationMax(hours = 1) Duration requestTimeout,
        @Min(0) @Max(100) Integer budgetPercent,
        @Min(0) @Max(10_000) Integer budgetMinimumPerSecond) {

    public static final Retries DEFAULT = new Retries(3, Duration.ofSeconds(1), Duration.ofSeconds(30), 20, 3);

    public Retries {
        maxAttempts = requireNonNullElse(maxAttempts, 3);
        perTryTimeout = requireNonNullElse(perTryTimeout, Duration.ofSeconds(1));
        requestTimeout = requireNonNullElse(requestTimeout, Duration.ofSeconds(30));
        budgetPercent = requireNonNullElse(budgetPercent, 20);
        budgetMinimumPerSecond = requireNonNullElse(budgetMinimumPerSecond, 3);
    }
}
