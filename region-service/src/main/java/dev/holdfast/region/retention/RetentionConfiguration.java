package dev.holdfast.region.retention;

import dev.holdfast.model.store.Leases;
import dev.holdfast.model.store.StoreRetention;
import java.time.Duration;
import java.util.UUID;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.SchedulingConfigurer;
import org.springframework.scheduling.config.FixedDelayTask;

@Configuration(proxyBeanMethods = false)
@EnableScheduling
@EnableConfigurationProperties(RetentionSettings.class)
class RetentionConfiguration {

    /** Lets a service that has just started serve first. */
    private static final Duration FIRST = Duration.ofMinutes(1);

    @Bean
    Retention retention(StoreRetention store, Leases leases, RetentionSettings settings) {
        return new Retention(store, leases, settings, "region-service-" + UUID.randomUUID());
    }

    @Bean
    SchedulingConfigurer retentionSchedule(Retention retention, RetentionSettings settings) {
        return tasks -> tasks.addFixedDelayTask(new FixedDelayTask(retention::run, settings.interval(), FIRST));
    }
}
