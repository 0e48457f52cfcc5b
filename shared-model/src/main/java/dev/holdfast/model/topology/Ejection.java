package dev.holdfast.model.topology;

import static java.util.Objects.requireNonNullElse;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * When a gateway stops using a node on what it sees itself, whatever the checks say.
 *
 * @param consecutiveFailures refused, reset or timed-out tries and 502, 503, 504 answers in a row; default 5, 0
 *     switches ejection off
 * @param baseEjectionTime of the first ejection; each further one in a row lasts one base time longer; default 10 s
 * @param maxEjectionTime default 5 min
 * @param maxEjectionPercent the share of a cluster's serving nodes that may be ejected, counted after the ejection;
 *     default 50
 */
public record Ejection(
        @Min(0) @Max(1000) Integer consecutiveFailures,
        @DurationMin(millis = 100) @DurationMax(hours = 1) Duration baseEjectionTime,
        @DurationMin(millis = 100) @DurationMax(hours = 24) Duration maxEjectionTime,
        @Min(0) @Max(100) Integer maxEjectionPercent) {

    public static final Ejection DEFAULT = new Ejection(5, Duration.ofSeconds(10), Duration.ofMinutes(5), 50);

    public Ejection {
        consecutiveFailures = requireNonNullElse(consecutiveFailures, 5);
        baseEjectionTime = requireNonNullElse(baseEjectionTime, Duration.ofSeconds(10));
        maxEjectionTime = requireNonNullElse(maxEjectionTime, Duration.ofMinutes(5));
        maxEjectionPercent = requireNonNullElse(maxEjectionPercent, 50);
    }
}
