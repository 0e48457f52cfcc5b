package dev.holdfast.failover.config;

import dev.holdfast.failover.operation.Limits;
import dev.holdfast.failover.runner.RunnerTimings;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How operations are run, and how long their waits may last when a request doesn't say.
 *
 * @param tickInterval from one look at the running operations to the next
 * @param leaseTimeToLive how long a replica that died keeps the others from going on with its operations
 * @param retryDelay before something that failed is tried again
 * @param connectTimeout of a connection to another service, a gateway or a hook
 * @param callTimeout of an answer from another service or a gateway
 * @param orderTimeout until an admin state that was ordered is in the store
 * @param peersTimeout until enough other nodes take traffic for the next one to leave
 * @param restartTimeout until a node has been restarted, and again until it has answered its checks
 * @param confirmationTimeout until an operator confirms a restart by hand
 * @param healthyTimeout until an enabled node takes traffic
 * @param resumeGrace what a running step gets at least after its runner, or the store, was away
 */
@ConfigurationProperties("holdfast.operations")
@Validated
public record OperationSettings(
        @DefaultValue("200ms") @NotNull @DurationMin(millis = 10) @DurationMax(minutes = 1)
        Duration tickInterval,

        @DefaultValue("5s") @NotNull @DurationMin(millis = 500) @DurationMax(minutes = 5)
        Duration leaseTimeToLive,

        @DefaultValue("1s") @NotNull @DurationMin(millis = 10) @DurationMax(minutes = 1)
        Duration retryDelay,

        @DefaultValue("1s") @NotNull @DurationMin(millis = 10) @DurationMax(minutes = 1)
        Duration connectTimeout,

        @DefaultValue("3s") @NotNull @DurationMin(millis = 10) @DurationMax(minutes = 1)
        Duration callTimeout,

        @DefaultValue("60s") @NotNull @DurationMin(millis = 1) @DurationMax(days = 1)
        Duration orderTimeout,

        @DefaultValue("2m") @NotNull @DurationMin(millis = 1) @DurationMax(days = 1)
        Duration peersTimeout,

        @DefaultValue("5m") @NotNull @DurationMin(millis = 1) @DurationMax(days = 1)
        Duration restartTimeout,

        @DefaultValue("1h") @NotNull @DurationMin(millis = 1) @DurationMax(days = 7)
        Duration confirmationTimeout,

        @DefaultValue("2m") @NotNull @DurationMin(millis = 1) @DurationMax(days = 1)
        Duration healthyTimeout,

        @DefaultValue("15s") @NotNull @DurationMin(millis = 1) @DurationMax(hours = 1)
        Duration resumeGrace) {

    public OperationSettings {
        if (tickInterval.multipliedBy(3).compareTo(leaseTimeToLive) > 0) {
            throw new IllegalArgumentException("holdfast.operations.lease-time-to-live (" + leaseTimeToLive
                    + ") must be at least three times holdfast.operations.tick-interval (" + tickInterval
                    + "), or leases run out between two looks");
        }
    }

    Limits limits() {
        return new Limits(orderTimeout, peersTimeout, restartTimeout, confirmationTimeout, healthyTimeout, resumeGrace);
    }

    RunnerTimings timings() {
        return new RunnerTimings(tickInterval, leaseTimeToLive, retryDelay);
    }
}
