package dev.holdfast.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class AgentSettingsTest {

    @Test
    void hasTheseDefaults() {
        AgentSettings settings = bound(Map.of());

        assertThat(settings.stateDirectory()).isEqualTo(Path.of("data/agent"));
        assertThat(settings.timings().interval()).isEqualTo(Duration.ofMillis(200));
        assertThat(settings.timings().repairPause()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.timings().isolation()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.timings().confirmation()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.timings().keepReplaced()).isEqualTo(Duration.ofDays(1));
        assertThat(settings.orderWait()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.stopWithAgent()).isFalse();
        assertThat(settings.freezeTolerance()).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.postgres())
                .isEqualTo(new AgentSettings.Postgres(
                        Path.of("/var/lib/pg"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        5432,
                        "*",
                        List.of("samenet"),
                        "holdfast",
                        "secret",
                        Map.of(),
                        Duration.ofSeconds(3),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        Duration.ofDays(1),
                        Duration.ofSeconds(30)));
        assertThat(settings.toString()).doesNotContain("secret");
    }

    @Test
    void refusesARecordInsideTheDataThatAreReplaced() {
        assertThatThrownBy(() -> bound(Map.of("holdfast.agent.state-directory", "/var/lib/pg/agent")))
                .isInstanceOf(BindException.class)
                .rootCause()
                .hasMessageContaining("state-directory");
    }

    @Test
    void refusesAConfirmationThatComesAfterTheFence() {
        assertThatThrownBy(() -> bound(Map.of("holdfast.agent.confirmation-timeout", "11s")))
                .isInstanceOf(BindException.class)
                .rootCause()
                .hasMessageContaining("isolation-timeout");
    }

    private static AgentSettings bound(Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(Map.of(
                "holdfast.agent.cluster", "orders",
                "holdfast.agent.node", "db-1",
                "holdfast.agent.postgres.data-directory", "/var/lib/pg",
                "holdfast.agent.postgres.password", "secret"));
        all.putAll(properties);
        return new Binder(new MapConfigurationPropertySource(all)).bindOrCreate("holdfast.agent", AgentSettings.class);
    }
}
