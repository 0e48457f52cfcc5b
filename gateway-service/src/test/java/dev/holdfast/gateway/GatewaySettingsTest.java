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

class GatewaySettingsTest {

    @Test
    void hasTheseDefaults() {
        assertThat(bound(Map.of()))
                .isEqualTo(new GatewaySettings(
                        8080,
                        9000,
                        Path.of("data/gateway-snapshot.json"),
                        "",
                        new GatewaySettings.Upstream(
                                Duration.ofSeconds(1), 1000, 1000, Duration.ofSeconds(1), Duration.ofSeconds(4))));
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
                                Duration.ofMillis(3), 4, 5, Duration.ofMillis(6), Duration.ofMillis(7))));
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

    private static GatewaySettings bound(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("holdfast.gateway", GatewaySettings.class);
    }
}
