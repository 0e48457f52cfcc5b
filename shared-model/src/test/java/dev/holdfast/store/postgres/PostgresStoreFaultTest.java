package dev.holdfast.store.postgres;

import static dev.holdfast.store.StoreFixtures.entry;
import static dev.holdfast.store.StoreFixtures.region;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.StoreUnavailableException;
import dev.holdfast.model.topology.Region;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The store when its server dies, moves or freezes, and when another client freezes. */
@Timeout(180)
class PostgresStoreFaultTest {

    private static final Duration RECOVERY = Duration.ofSeconds(30);

    /** Shorter than the default, so that a frozen server is noticed sooner. */
    private static final String SOCKET_TIMEOUT = "spring.datasource.hikari.data-source-properties.socketTimeout=2";

    @TempDir
    private Path folder;

    private PostgresServer server;

    @BeforeEach
    void startServer() throws Exception {
        server = PostgresServer.create(folder.resolve("one"));
        server.start();
    }

    @AfterEach
    void stopServer() throws Exception {
        server.close();
    }

    @Test
    void everythingGoesOnByItselfAfterTheServerWasKilledAndStartedAgain() throws Exception {
        try (StoreOnPostgres opened = StoreOnPostgres.open(server.database("postgres"));
                ClusterStateReplica replica = new ClusterStateReplica(
                        opened.store(), ClusterState.EMPTY, Thread.ofVirtual().factory())) {
            ClusterStateStore store = opened.store();
            replica.start();
            Revision before = declareRegion(store, "north");
            await().atMost(RECOVERY).until(() -> replica.state().revision().equals(before));

            server.kill();

            assertThatThrownBy(() -> store.read(view -> view.regions())).isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> declareRegion(store, "south")).isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> opened.leases().acquire("work", "me", Duration.ofSeconds(1)))
                    .isInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> store.awaitChangeAfter(before, Duration.ofSeconds(1)))
                    .isInstanceOf(StoreUnavailableException.class);
            await().atMost(RECOVERY).until(() -> !replica.inContact());
            assertThat(replica.state().revision()).isEqualTo(before);

            server.start();

            await().atMost(RECOVERY)
                    .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
                    .until(() -> declareRegion(store, "south").isAfter(before));
            assertThat(awaitThrough(store, before)).isGreaterThan(before);
            await().atMost(RECOVERY)
                    .until(() ->
                            replica.inContact() && replica.state().regions().size() == 2);
        }
    }

    @Test
    void aFrozenServerIsNoticedAndUsedAgainWhenItThaws() throws Exception {
        try (StoreOnPostgres opened = StoreOnPostgres.open(server.database("postgres"), SOCKET_TIMEOUT)) {
            ClusterStateStore store = opened.store();
            Revision before = declareRegion(store, "north");
            assertThat(awaitThrough(store, Revision.NONE)).isEqualTo(before);

            server.signal("STOP");
            try {
                assertThatThrownBy(() -> store.read(view -> view.regions()))
                        .isInstanceOf(StoreUnavailableException.class);
                assertThatThrownBy(() -> store.awaitChangeAfter(before, Duration.ofSeconds(6)))
                        .isInstanceOf(StoreUnavailableException.class);
            } finally {
                server.signal("CONT");
            }

            await().atMost(RECOVERY)
                    .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
                    .until(() -> declareRegion(store, "south").isAfter(before));
            assertThat(awaitThrough(store, before)).isGreaterThan(before);
        }
    }

    @Test
    void theStoreGoesOnInOrderWhereThePrimaryHasMoved() throws Exception {
        server.stop();
        try (PostgresServer standby = server.cloneAsStandby(folder.resolve("two"))) {
            server.configure("synchronous_standby_names = '*'");
            server.start();
            standby.start();
            PostgresForTests.Database both = new PostgresForTests.Database(
                    "jdbc:postgresql://" + server.address() + "," + standby.address() + "/postgres",
                    "postgres",
                    "unused");
            Queue<Revision> acknowledged = new ConcurrentLinkedQueue<>();
            AtomicBoolean writing = new AtomicBoolean(true);
            try (StoreOnPostgres opened = StoreOnPostgres.open(both)) {
                ClusterStateStore store = opened.store();
                Thread writer = Thread.ofVirtual().start(() -> {
                    while (writing.get()) {
                        try {
                            acknowledged.add(store.change(change -> change.record(entry(EventType.CLUSTER_DECLARED))));
                        } catch (StoreUnavailableException e) {
                            // Goes on until the store is back: that is what is tested.
                            Thread.onSpinWait();
                        }
                    }
                });
                await().atMost(RECOVERY).until(() -> acknowledged.size() >= 50);

                server.kill();
                int beforeTheMove = acknowledged.size();
                standby.promote();

                await().atMost(RECOVERY).until(() -> acknowledged.size() >= beforeTheMove + 50);
                writing.set(false);
                writer.join();
                Revision newest = store.read(view -> view.revision());
                assertThat(awaitThrough(store, new Revision(newest.value() - 1)))
                        .isEqualTo(newest);
                List<JournalEvent> events = store.read(view -> view.eventsAfter(Revision.NONE, 100_000))
                        .orElseThrow();
                assertThat(events)
                        .extracting(event -> event.revision().value())
                        .containsExactlyElementsOf(LongStream.rangeClosed(1, newest.value())
                                .boxed()
                                .toList());
                assertThat(List.copyOf(acknowledged)).isSorted().doesNotHaveDuplicates();
                assertThat(acknowledged)
                        .allSatisfy(revision -> assertThat(revision).isLessThanOrEqualTo(newest));
                // One change at most was committed and its answer lost.
                assertThat(newest.value() - acknowledged.size()).isBetween(0L, 1L);
            }
        }
    }

    @Test
    void aClientFrozenInTheMiddleOfAChangeHoldsUpTheOthersBrieflyAndLeavesNothing() throws Exception {
        PostgresForTests.Database database = server.database("postgres");
        try (StoreOnPostgres opened = StoreOnPostgres.open(database)) {
            ClusterStateStore store = opened.store();
            Revision before = declareRegion(store, "north");
            Process client = FrozenClient.start(database);
            try (BufferedReader said = client.inputReader()) {
                awaitLine(said, FrozenClient.HOLDING);
                PostgresServer.signal("STOP", client.pid());

                // Fails past the lock timeout of the store; passing is getting the lock in time.
                Revision next = declareRegion(store, "south");

                assertThat(next).isEqualTo(before.next());
                List<Region> regions = store.read(view -> view.regions());
                assertThat(regions).extracting(region -> region.id().value()).containsExactly("north", "south");
                PostgresServer.signal("CONT", client.pid());
                client.outputWriter().append("go on\n").flush();
                awaitLine(said, FrozenClient.THROWN_OUT);
                Revision newest = store.read(view -> view.revision());
                assertThat(newest).isEqualTo(next);
            } finally {
                client.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void theFeedConnectsAgainWhenItsConnectionIsEnded() throws Exception {
        try (StoreOnPostgres opened = StoreOnPostgres.open(server.database("postgres"))) {
            ClusterStateStore store = opened.store();
            Revision first = declareRegion(store, "north");
            assertThat(awaitThrough(store, Revision.NONE)).isEqualTo(first);
            long contacts = store.contacts();

            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE application_name LIKE '%change feed'");
            Revision second = declareRegion(store, "south");

            assertThat(awaitThrough(store, first)).isEqualTo(second);
            await().atMost(RECOVERY).until(() -> store.contacts() > contacts);
        }
    }

    @Test
    void theFeedNeedsNoPasswordWhereTheServerAsksForNone() throws Exception {
        PostgresForTests.Database trusting =
                new PostgresForTests.Database(server.database("postgres").url(), "postgres", "");
        try (StoreOnPostgres opened = StoreOnPostgres.open(trusting)) {
            Revision first = declareRegion(opened.store(), "north");

            assertThat(awaitThrough(opened.store(), Revision.NONE)).isEqualTo(first);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", 'junk'", ", '-1'", ", '999999999999'", ", '99999999999999999999'"})
    void theFeedOutlivesNotificationsOfOthers(String payload) throws Exception {
        try (StoreOnPostgres opened = StoreOnPostgres.open(server.database("postgres"))) {
            ClusterStateStore store = opened.store();
            Revision first = declareRegion(store, "north");
            assertThat(awaitThrough(store, Revision.NONE)).isEqualTo(first);
            long contacts = store.contacts();

            server.execute("NOTIFY " + ChangeFeed.CHANNEL + payload);
            Revision second = declareRegion(store, "south");

            assertThat(awaitThrough(store, first)).isEqualTo(second);
            assertThat(store.contacts()).isEqualTo(contacts);
        }
    }

    @Test
    void theFeedOutlivesAnUnexpectedFailure() throws Exception {
        PostgresForTests.Database database = server.database("postgres");
        AtomicBoolean failed = new AtomicBoolean();
        try (StoreOnPostgres opened = StoreOnPostgres.open(database);
                ChangeFeed feed = new ChangeFeed(
                        () -> {
                            if (failed.compareAndSet(false, true)) {
                                throw new IllegalStateException("on purpose");
                            }
                            return database.connect();
                        },
                        System::nanoTime,
                        Thread.ofVirtual().factory())) {
            Revision first = declareRegion(opened.store(), "north");

            Revision seen = await().atMost(RECOVERY)
                    .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
                    .until(() -> feed.awaitAfter(Revision.NONE, Duration.ofSeconds(5)), first::equals);

            assertThat(seen).isEqualTo(first);
            assertThat(failed).isTrue();
        }
    }

    @Test
    void aLostNotificationCostsOnePoll() throws Exception {
        try (StoreOnPostgres opened = StoreOnPostgres.open(server.database("postgres"))) {
            ClusterStateStore store = opened.store();
            Revision first = declareRegion(store, "north");
            assertThat(awaitThrough(store, Revision.NONE)).isEqualTo(first);

            server.execute("UPDATE revision_counter SET value = value + 1");

            assertThat(awaitThrough(store, first)).isEqualTo(first.next());
        }
    }

    @Test
    void theStoreOpensWhileTheServerIsDown() throws Exception {
        PostgresForTests.Database database = server.database("postgres");
        StoreOnPostgres.open(database).close();
        server.stop();

        try (StoreOnPostgres opened = StoreOnPostgres.open(database, "spring.flyway.enabled=false")) {
            assertThatThrownBy(() -> opened.store().read(view -> view.revision()))
                    .isInstanceOf(StoreUnavailableException.class);

            server.start();

            await().atMost(RECOVERY)
                    .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
                    .until(() -> opened.store().read(view -> view.revision()).equals(Revision.NONE));
        }
    }

    @Test
    void aServiceThatMigratesStartsWhileTheServerIsDownAndMigratesWhenItIsBack() throws Exception {
        server.stop();
        try (StoreOnPostgres opened = StoreOnPostgres.open(server.database("postgres"))) {
            ClusterStateStore store = opened.store();
            assertThatThrownBy(() -> store.read(view -> view.revision()))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContaining("up to date");

            server.start();

            await().atMost(RECOVERY)
                    .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
                    .until(() -> declareRegion(store, "north").equals(new Revision(1)));
        }
    }

    @Test
    void aMigrationThatFailsOtherwiseEndsTheStart() throws Exception {
        server.execute("CREATE TABLE revision_counter (already integer)");

        assertThatThrownBy(() -> StoreOnPostgres.open(server.database("postgres")))
                .hasStackTraceContaining("non-empty schema");
    }

    private static Revision declareRegion(ClusterStateStore store, String id) {
        return store.change(change -> {
            Revision recorded = change.record(
                    entry(EventType.REGION_DECLARED).about(region(id, "a").id()));
            // A change whose answer was lost may have been committed.
            if (change.region(region(id, "a").id()).isEmpty()) {
                change.put(region(id, "a"));
            }
            return recorded;
        });
    }

    /** Waits for a revision after {@code held}, also through a time without contact. */
    private static Revision awaitThrough(ClusterStateStore store, Revision held) {
        return await().atMost(RECOVERY)
                .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
                .until(() -> store.awaitChangeAfter(held, Duration.ofSeconds(5)), newest -> newest.isAfter(held));
    }

    private static void awaitLine(BufferedReader said, String line) throws Exception {
        String read = said.readLine();
        while (read != null && !read.equals(line)) {
            read = said.readLine();
        }
        assertThat(read).isEqualTo(line);
    }
}
