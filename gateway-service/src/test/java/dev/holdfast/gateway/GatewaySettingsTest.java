package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class GatewaySettingsTest {

    private static final DataPlaneLimits DEFAULT_LIMITS = new DataPlaneLimits(
            DataSize.ofKilobytes(16),
            DataSize.ofKilobytes(64),
            DataSize.ofMegabytes(1),
            Duration.ofSeconds(75),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5),
            Duration.ofSeconds(5));

    @Test
    void hasTheseDefaults() {
        assertThat(bound(Map.of()))
                .isEqualTo(new GatewaySettings(
                        8080,
                        9000,
                        Path.of("data/gateway-snapshot.json"),
                        "",
                        new GatewaySettings.Upstream(
                                Duration.ofSeconds(1), 1000, 1000, Duration.ofSeconds(1), Duration.ofSeconds(4)),
                        DEFAULT_LIMITS));
    }

    @Test
    void hasTheseNames() {
        assertThat(bound(Map.of(
                        "holdfast.gateway.data-port", "1",
                        "holdfast.gateway.control-port", "2",
                        "holdfast.gateway.snapshot-file", "/var/lib/holdfast/table.json",
                        "holdfast.gateway.trusted-proxies", "10\\.0\\..*",
                        "holdfast.gateway.upstream.connect-timeout", "3ms",
                        "holdfast.gateway.upstream.max-connections", "4",
                        "holdfast.gateway.upstream.max-waiting", "5",
                        "holdfast.gateway.upstream.max-wait", "6ms",
                        "holdfast.gateway.upstream.max-idle", "7ms")))
                .isEqualTo(new GatewaySettings(
                        1,
                        2,
                        Path.of("/var/lib/holdfast/table.json"),
                        "10\\.0\\..*",
                        new GatewaySettings.Upstream(
                                Duration.ofMillis(3), 4, 5, Duration.ofMillis(6), Duration.ofMillis(7)),
                        DEFAULT_LIMITS));
    }

    @ParameterizedTest
    @CsvSource({"connect-timeout, 0s", "max-wait, 0s", "max-idle, -1s", "max-connections, 0", "max-waiting, 0"})
    void refusesWhatLeavesNoRequestAChance(String name, String value) {
        assertThatThrownBy(() -> bound(Map.of("holdfast.gateway.upstream." + name, value)))
                .isInstanceOf(BindException.class)
                .rootCause()
                .hasMessageContaining("holdfast.gateway.upstream")
                .hasMessageContaining(name);
    }

    @Test
    void namesTheLimitsOfTheDataPort() {
        GatewaySettings settings = bound(Map.of(
                "holdfast.gateway.limits.request-line", "1KB",
                "holdfast.gateway.limits.headers", "2KB",
                "holdfast.gateway.limits.collected-body", "3KB",
                "holdfast.gateway.limits.client-idle", "4s",
                "holdfast.gateway.limits.body-idle", "5s",
                "holdfast.gateway.limits.answer-idle", "6s",
                "holdfast.gateway.limits.web-socket-handshake", "7s"));
        assertThat(settings.limits())
                .isEqualTo(new DataPlaneLimits(
                        DataSize.ofKilobytes(1),
                        DataSize.ofKilobytes(2),
                        DataSize.ofKilobytes(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(7)));
    }

    @ParameterizedTest
    @CsvSource({"headers, 0B", "request-line, 17MB", "collected-body, -1B", "body-idle, 0s", "answer-idle, -1s"})
    void refusesLimitsThatLeaveNoRequestAChance(String name, String value) {
        assertThatThrownBy(() -> bound(Map.of("holdfast.gateway.limits." + name, value)))
                .rootCause()
                .hasMessageContaining("holdfast.gateway.limits." + name);
    }

    private static GatewaySettings bound(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("holdfast.gateway", GatewaySettings.class);
    }
}
