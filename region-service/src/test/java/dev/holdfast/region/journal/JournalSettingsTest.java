package dev.holdfast.region.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class JournalSettingsTest {

    @Test
    void defaultsAreTheDocumentedOnes() {
        assertThat(bound(Map.of())).isEqualTo(new JournalSettings(Duration.ofSeconds(15), 100, Duration.ofHours(1)));
        assertThat(bound(Map.of(
                        "holdfast.region.journal.heartbeat", "5s",
                        "holdfast.region.journal.max-streams", "7",
                        "holdfast.region.journal.max-stream-duration", "10m")))
                .isEqualTo(new JournalSettings(Duration.ofSeconds(5), 7, Duration.ofMinutes(10)));
    }

    @Test
    void refusesValuesThatMakeNoSense() {
        assertThatThrownBy(() -> bound(Map.of("holdfast.region.journal.heartbeat", "0s")))
                .hasRootCauseInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bound(Map.of("holdfast.region.journal.max-streams", "0")))
                .hasRootCauseInstanceOf(IllegalArgumentException.class);
    }

    private static JournalSettings bound(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("holdfast.region.journal", JournalSettings.class);
    }
}
