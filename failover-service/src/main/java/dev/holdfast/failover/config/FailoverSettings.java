package dev.holdfast.failover.config;

import dev.holdfast.failover.primary.PrimaryTimings;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the primaries of clusters are kept.
 *
 * @param tickInterval from one look at a cluster to the next, when nothing calls for one before
 * @param leaseTimeToLive how long a replica that died keeps the others from going on with its clusters
 * @param pollInterval from one question to an agent to the next
 * @param connectTimeout of a connection to an agent
 * @param answerTimeout of an agent's answer; an order that takes longer goes on and is asked after
 */
@ConfigurationProperties("holdfast.failover")
@Validated
record FailoverSettings(
        @DefaultValue("200ms") @NotNull @DurationMin(millis = 10) @DurationMax(seconds = 10)
        Duration tickInterval,

        @DefaultValue("2s") @NotNull @DurationMin(millis = 500) @DurationMax(minutes = 1)
        Duration leaseTimeToLive,

        @DefaultValue("250ms") @NotNull @DurationMin(millis = 50) @DurationMax(seconds = 10)
        Duration pollInterval,

        @DefaultValue("500ms") @NotNull @DurationMin(millis = 10) @DurationMax(seconds = 10)
        Duration connectTimeout,

        @DefaultValue("2s") @NotNull @DurationMin(millis = 50) @DurationMax(seconds = 30)
        Duration answerTimeout) {

    FailoverSettings {
        if (tickInterval.multipliedBy(3).compareTo(leaseTimeToLive) > 0) {
            throw new IllegalArgumentException("holdfast.failover.lease-time-to-live (" + leaseTimeToLive
                    + ") must be at least three times holdfast.failover.tick-interval (" + tickInterval
                    + "), or leases run out between two looks");
        }
    }

    PrimaryTimings timings() {
        return new PrimaryTimings(tickInterval, leaseTimeToLive, pollInterval);
    }
}
