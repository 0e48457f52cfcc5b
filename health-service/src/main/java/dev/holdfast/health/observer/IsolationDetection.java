package dev.holdfast.health.observer;

import dev.holdfast.health.isolation.IsolationSettings;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * When this observer suspects its own network rather than the nodes.
 *
 * @param window failures that began within this time of each other may have one cause
 * @param minimumTargets it takes at least so many nodes held UP to suspect that
 */
@Validated
@ConfigurationProperties("holdfast.health.isolation")
public record IsolationDetection(
        @DefaultValue("10s") @DurationMin(millis = 100) @DurationMax(minutes = 10)
        Duration window,

        @DefaultValue("3") @Min(2) @Max(1000) int minimumTargets) {

    IsolationSettings settings() {
        return new IsolationSettings(window, minimumTargets);
    }
}
