package dev.holdfast.health.observer;

import dev.holdfast.model.health.ObserverId;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Who this replica is among the observers.
 *
 * @param id unlike that of every other replica, and the same after each restart
 * @param location where it watches from, such as a region and zone; for people
 * @param declared how many observers the installation means to run; odd, so that a majority is always clear
 */
@Validated
@ConfigurationProperties("holdfast.health.observer")
public record ObserverSettings(
        @NotNull(message = "must be set: a stable name of this replica, such as \"health-1\"")
        ObserverId id,

        @DefaultValue("unknown") @Size(min = 1, max = 200) String location,
        @DefaultValue("1") @Min(1) @Max(99) int declared) {

    @AssertTrue(message = "declared must be odd, such as 1, 3 or 5")
    public boolean isDeclaredOdd() {
        return declared % 2 == 1;
    }
}
