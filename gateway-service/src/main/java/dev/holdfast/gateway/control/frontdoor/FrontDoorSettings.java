package dev.holdfast.gateway.control.frontdoor;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits of the front door.
 *
 * @param requestTimeout until the whole answer has been passed on, over all replicas tried; a stream only has to begin within it
 * @param perTryTimeout how long a GET waits for one replica to begin its answer while there is another to ask
 * @param avoidFailedFor how long a replica that failed is asked only after the others
 * @param maxBody of a request
 */
@Validated
@ConfigurationProperties("holdfast.gateway.front-door")
public record FrontDoorSettings(
        @DefaultValue("30s") @DurationMin(millis = 1) Duration requestTimeout,
        @DefaultValue("2s") @DurationMin(millis = 1) Duration perTryTimeout,
        @DefaultValue("5s") @DurationMin(millis = 0) Duration avoidFailedFor,
        @DefaultValue("2MB") @NotNull DataSize maxBody) {}
