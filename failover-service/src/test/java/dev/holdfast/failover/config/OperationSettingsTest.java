package dev.holdfast.failover.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class OperationSettingsTest {

    @Test
    void hasTheseDefaults() {
        assertThat(bound(Map.of()))
                .isEqualTo(new OperationSettings(
                        Duration.ofMillis(200),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(5),
                        Duration.ofHours(1),
                        Duration.ofMinutes(2),
                        Duration.ofSeconds(15)));
    }

    @Test
    void hasTheseNames() {
        assertThat(bound(Map.ofEntries(
                        Map.entry("holdfast.operations.tick-interval", "1s"),
                        Map.entry("holdfast.operations.lease-time-to-live", "12s"),
                        Map.entry("holdfast.operations.retry-delay", "3s"),
                        Map.entry("holdfast.operations.connect-timeout", "4s"),
                        Map.entry("holdfast.operations.call-timeout", "5s"),
                        Map.entry("holdfast.operations.order-timeout", "6s"),
                        Map.entry("holdfast.operations.peers-timeout", "7s"),
                        Map.entry("holdfast.operations.restart-timeout", "8s"),
                        Map.entry("holdfast.operations.confirmation-timeout", "9s"),
                        Map.entry("holdfast.operations.healthy-timeout", "10s"),
                        Map.entry("holdfast.operations.resume-grace", "11s"))))
                .isEqualTo(new OperationSettings(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(12),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(9),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(11)));
    }

    @Test
    void refusesALeaseThatRunsOutBetweenTwoLooks() {
        assertThatThrownBy(() -> bound(Map.of("holdfast.operations.tick-interval", "4s")))
                .isInstanceOf(BindException.class)
                .rootCause()
                .hasMessageContaining("lease-time-to-live")
                .hasMessageContaining("three times");
    }

    private static OperationSettings bound(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("holdfast.operations", OperationSettings.class);
    }
}
