package dev.holdfast.region.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.JournalFilter;
import dev.holdfast.model.store.RememberedAnswer;
import dev.holdfast.region.SettableClock;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class RetentionTest {

    private final SettableClock clock = new SettableClock();

    private final InMemoryClusterStateStore store = new InMemoryClusterStateStore(clock);

    private final RetentionSettings settings = bound(Map.of());

    @Test
    void defaultsAreTheDocumentedOnes() {
        assertThat(settings)
                .isEqualTo(new RetentionSettings(
                        Duration.ofHours(1),
                        Duration.ofDays(30),
                        Duration.ofDays(7),
                        Duration.ofHours(24),
                        Duration.ofDays(90)));
        assertThat(bound(Map.of(
                        "holdfast.region.retention.interval", "2h",
                        "holdfast.region.retention.journal", "1d",
                        "holdfast.region.retention.observations", "2d",
                        "holdfast.region.retention.answers", "3h",
                        "holdfast.region.retention.operations", "4d")))
                .isEqualTo(new RetentionSettings(
                        Duration.ofHours(2),
                        Duration.ofDays(1),
                        Duration.ofDays(2),
                        Duration.ofHours(3),
                        Duration.ofDays(4)));
    }

    @Test
    void refusesPeriodsThatDeleteEverything() {
        assertThatThrownBy(() -> bound(Map.of("holdfast.region.retention.journal", "0s")))
                .hasRootCauseInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> bound(Map.of("holdfast.region.retention.interval", "1s")))
                .hasRootCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void deletesWhatIsOldOnOneReplicaAnInterval() {
        happens();
        store.change(change -> {
            change.remember(new RememberedAnswer("region-service", "k", "d", 200, "{}", "", change.now()));
            return true;
        });
        clock.advance(Duration.ofDays(31));
        happens();
        Retention first = new Retention(store, store, settings, "first");
        Retention second = new Retention(store, store, settings, "second");
        first.run();
        assertThat(events()).isEqualTo(1);
        assertThat(store.<Optional<RememberedAnswer>>read(view -> view.rememberedAnswer("region-service", "k")))
                .isEmpty();
        clock.advance(Duration.ofMinutes(50));
        assertThat(store.acquire(Retention.LEASE, "second", Duration.ofMinutes(1)))
                .isEmpty();
        clock.advance(Duration.ofMinutes(5));
        second.run();
        assertThat(store.acquire(Retention.LEASE, "first", Duration.ofMinutes(1)))
                .isEmpty();
    }

    @Test
    void isPutOffWhileTheStoreIsAway() {
        store.goAway();
        new Retention(store, store, settings, "first").run();
        store.comeBack();
        assertThat(store.acquire(Retention.LEASE, "second", Duration.ofMinutes(1)))
                .isPresent();
    }

    private void happens() {
        store.change(change -> change.record(JournalEntry.of(EventType.REGION_DECLARED, "test", "happened")));
    }

    private int events() {
        return store.read(view -> view.journal(JournalFilter.ALL, Optional.empty(), 10))
                .size();
    }

    private static RetentionSettings bound(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("holdfast.region.retention", RetentionSettings.class);
    }
}
