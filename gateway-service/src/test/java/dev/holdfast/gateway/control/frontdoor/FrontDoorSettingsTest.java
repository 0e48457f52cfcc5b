package dev.holdfast.gateway.control.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class FrontDoorSettingsTest {

    @Test
    void hasTheseDefaults() {
        assertThat(bound(Map.of()))
                .isEqualTo(new FrontDoorSettings(
                        Duration.ofSeconds(30), Duration.ofSeconds(2), Duration.ofSeconds(5), DataSize.ofMegabytes(2)));
    }

    @Test
    void hasTheseNames() {
        assertThat(bound(Map.of(
                        "holdfast.gateway.front-door.request-timeout", "1s",
                        "holdfast.gateway.front-door.per-try-timeout", "2ms",
                        "holdfast.gateway.front-door.avoid-failed-for", "3s",
                        "holdfast.gateway.front-door.max-body", "4KB")))
                .isEqualTo(new FrontDoorSettings(
                        Duration.ofSeconds(1), Duration.ofMillis(2), Duration.ofSeconds(3), DataSize.ofKilobytes(4)));
    }

    private static FrontDoorSettings bound(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("holdfast.gateway.front-door", FrontDoorSettings.class);
    }
}
