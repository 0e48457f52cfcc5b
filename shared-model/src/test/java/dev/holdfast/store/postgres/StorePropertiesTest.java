package dev.holdfast.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class StorePropertiesTest {

    @Test
    void pinsNamesAndDefaults() {
        assertThat(bound(Map.of())).isEqualTo(new StoreProperties(Duration.ofSeconds(5)));
        assertThat(bound(Map.of("holdfast.store.observer-ttl", "2s")))
                .isEqualTo(new StoreProperties(Duration.ofSeconds(2)));
    }

    private static StoreProperties bound(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("holdfast.store", StoreProperties.class);
    }
}
