package dev.holdfast.store.postgres;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the cluster-state store. The connection is {@code spring.datasource}.
 *
 * @param observerTtl how long after its last heartbeat an observer still counts as live; the same in every service
 */
@Validated
@ConfigurationProperties("holdfast.store")
public record StoreProperties(
        @NotNull @DurationMin(millis = 100) @DefaultValue("5s")
        Duration observerTtl) {}
