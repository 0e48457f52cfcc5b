package dev.holdfast.store.postgres;

import static dev.holdfast.store.StoreFixtures.cluster;
import static dev.holdfast.store.StoreFixtures.entry;
import static dev.holdfast.store.StoreFixtures.node;
import static dev.holdfast.store.StoreFixtures.opinion;
import static dev.holdfast.store.StoreFixtures.region;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.model.health.Observer;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.health.Opinion;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.StoreUnavailableException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

/** What only PostgreSQL shows: migration, rows locked and not locked, what the tables hold. */
@Timeout(120)
class PostgresStoreSpecificsTest {

    @Test
    void servicesThatStartTogetherMigrateOnce() throws Exception {
        PostgresForTests.Database database = PostgresForTests.freshDatabase();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Revision>> services = new ArrayList<>();
            for (int service = 0; service < 3; service++) {
                services.add(threads.submit(() -> {
                    try (StoreOnPostgres opened = StoreOnPostgres.open(database)) {
                        return opened.store().change(change -> change.record(entry(EventType.OBSERVER_LOST)));
                    }
                }));
            }
            List<Long> revisions = new ArrayList<>();
            for (Future<Revision> service : services) {
                revisions.add(service.get().value());
            }
            assertThat(revisions).containsExactlyInAnyOrder(1L, 2L, 3L);
        }
    }

    @Test
    void aStoreWithoutTablesIsUnavailableAndSaysWhatMakesThem() {
        PostgresForTests.Database database = PostgresForTests.freshDatabase();
        try (StoreOnPostgres opened = StoreOnPostgres.open(database, "spring.flyway.enabled=false")) {
            assertThatThrownBy(() -> opened.store().read(view -> view.revision()))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("spring.flyway.enabled");
        }
    }

    @Test
    void aHeartbeatWaitsForNoChange() throws Exception {
        try (StoreOnPostgres opened = StoreOnPostgres.open(PostgresForTests.freshDatabase());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ClusterStateStore store = opened.store();
            ObserverId eye = new ObserverId("eye-1");
            opened.observers().heartbeat(eye, "here", 1);
            CountDownLatch changing = new CountDownLatch(1);
            CountDownLatch beaten = new CountDownLatch(1);
            Future<Boolean> change = threads.submit(() -> store.change(open -> {
                open.record(entry(EventType.CLUSTER_DECLARED));
                open.put(region("north", "a"));
                open.put(cluster("shop"));
                open.put(node("node-1", "shop", "north", "a"));
                open.put(opinion("eye-1", "node-1", Opinion.UP));
                open.markIsolated(eye, true);
                changing.countDown();
                return awaited(beaten);
            }));
            changing.await();

            List<Observer> observers = opened.observers().heartbeat(eye, "here", 1);

            beaten.countDown();
            assertThat(observers).hasSize(1);
            assertThat(change.get()).isTrue();
        }
    }

    @Test
    void aJournalEventCarriesTheTraceOfItsRequest() {
        try (StoreOnPostgres opened = StoreOnPostgres.open(PostgresForTests.freshDatabase());
                MDC.MDCCloseable trace = MDC.putCloseable("traceId", "4bf92f3577b34da6a3ce929d0e0e4736")) {
            assertThat(trace).isNotNull();
            opened.store().change(change -> change.record(entry(EventType.OBSERVER_LOST)));

            List<JournalEvent> events = opened.store()
                    .read(view -> view.eventsAfter(Revision.NONE, 10))
                    .orElseThrow();
            assertThat(events)
                    .singleElement()
                    .satisfies(event -> assertThat(event.traceId()).contains("4bf92f3577b34da6a3ce929d0e0e4736"));
        }
    }

    @Test
    void anEventOfATypeThatIsNotKnownYetIsReadAsUnknown() throws Exception {
        PostgresForTests.Database database = PostgresForTests.freshDatabase();
        try (StoreOnPostgres opened = StoreOnPostgres.open(database);
                Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            opened.store().change(change -> {
                change.record(entry(EventType.OBSERVER_LOST).with(Map.of("number", 1)));
                return change.record(entry(EventType.OBSERVER_LOST));
            });
            statement.execute("UPDATE journal SET type = 'MOON_ROSE' WHERE revision = 1");

            List<JournalEvent> events = opened.store()
                    .read(view -> view.eventsAfter(Revision.NONE, 10))
                    .orElseThrow();

            assertThat(events)
                    .extracting(event -> event.entry().type())
                    .containsExactly(EventType.UNKNOWN, EventType.OBSERVER_LOST);
            assertThat(events.getFirst().entry().evidence()).isEqualTo(Map.of("type", "MOON_ROSE", "number", 1));
        }
    }

    @Test
    void aValueThatPostgresCannotHoldIsRefusedAndChangesNothing() {
        try (StoreOnPostgres opened = StoreOnPostgres.open(PostgresForTests.freshDatabase())) {
            ClusterStateStore store = opened.store();
            assertThatThrownBy(() -> store.change(change ->
                            change.record(entry(EventType.OBSERVER_LOST).with(Map.of("text", "a NUL: \u0000")))))
                    .isInstanceOf(IllegalArgumentException.class);
            Revision revision = store.read(view -> view.revision());
            assertThat(revision).isEqualTo(Revision.NONE);
        }
    }

    @Test
    void aChangeThatHoldsTheLockForTooLongIsGivenUp() {
        AtomicLong nanos = new AtomicLong();
        try (StoreOnPostgres opened = StoreOnPostgres.open(PostgresForTests.freshDatabase())) {
            ClusterStateStore store = opened.storeOn(nanos::get);
            assertThatThrownBy(() -> store.change(change -> {
                        change.record(entry(EventType.REGION_DECLARED));
                        nanos.addAndGet(Duration.ofMillis(3_001).toNanos());
                        return change.put(region("north", "a"));
                    }))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("took longer");
            assertThatThrownBy(() -> store.change(change -> {
                        change.record(entry(EventType.REGION_DECLARED));
                        change.put(region("north", "a"));
                        return nanos.addAndGet(Duration.ofMillis(3_001).toNanos());
                    }))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThat(store.<Revision>read(view -> view.revision())).isEqualTo(Revision.NONE);
        }
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
