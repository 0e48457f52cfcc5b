package dev.holdfast.health.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.health.notification.NotificationSettings.Webhook;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.Lease;
import dev.holdfast.model.store.Leases;
import dev.holdfast.store.postgres.PostgresForTests;
import dev.holdfast.store.postgres.StoreOnPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two replicas on a real store, and a real receiver. */
@Timeout(120)
class NotificationReplicasTest {

    private static final Duration LEASE_TIME = Duration.ofSeconds(3);

    private final List<Long> received = new CopyOnWriteArrayList<>();
    private final List<Notifications> replicas = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private StoreOnPostgres opened;
    private HttpServer receiver;
    private Webhook webhook;

    @BeforeEach
    void open() throws IOException {
        opened = StoreOnPostgres.open(PostgresForTests.freshDatabase());
        journal(1);
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        receiver.setExecutor(threads);
        receiver.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            received.add(Long.parseLong(exchange.getRequestHeaders().getFirst(WebhookSender.REVISION_HEADER)));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        webhook = new Webhook(
                URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook"),
                Optional.empty(),
                Set.of(EventType.OBSERVER_LOST));
    }

    @AfterEach
    void close() {
        replicas.forEach(Notifications::stop);
        receiver.stop(0);
        threads.shutdownNow();
        opened.close();
    }

    /** Leases that stop answering, as they do to a replica that is frozen. */
    private static final class FreezableLeases implements Leases {

        private final Leases leases;
        private final CountDownLatch thawed = new CountDownLatch(1);
        private volatile boolean frozen;
        private volatile boolean granted;

        FreezableLeases(Leases leases) {
            this.leases = leases;
        }

        @Override
        public Optional<Lease> acquire(String name, String holder, Duration timeToLive) {
            if (frozen) {
                try {
                    thawed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            Optional<Lease> lease = leases.acquire(name, holder, timeToLive);
            granted = lease.isPresent();
            return lease;
        }

        @Override
        public void release(Lease lease) {
            leases.release(lease);
        }
    }

    @Test
    void withoutAFaultEachEventArrivesOnceAndInOrder() {
        begin("health-1", opened.leases());
        begin("health-2", opened.leases());
        awaitAllDelivered();
        List<Long> sent = journal(30);
        awaitAllDelivered();
        assertThat(received).isEqualTo(sent);
    }

    @Test
    void theSecondTakesOverWhenTheFirstFreezesAndTheFirstStaysOutOnceItThaws() {
        FreezableLeases freezable = new FreezableLeases(opened.leases());
        begin("health-1", freezable);
        awaitAllDelivered();
        begin("health-2", opened.leases());
        List<Long> sent = new ArrayList<>(journal(10));
        awaitAllDelivered();
        freezable.frozen = true;
        sent.addAll(journal(10));
        awaitAllDelivered();

        freezable.frozen = false;
        freezable.thawed.countDown();
        await().until(() -> !freezable.granted);
        sent.addAll(journal(10));
        awaitAllDelivered();
        assertThat(received).as("nothing is lost").containsAll(sent);
        assertThat(received)
                .as("one that froze between two events repeats none")
                .isEqualTo(sent);
    }

    @Test
    void theSecondTakesOverWhenTheFirstStops() {
        Notifications first = begin("health-1", opened.leases());
        awaitAllDelivered();
        List<Long> sent = new ArrayList<>(journal(10));
        awaitAllDelivered();
        begin("health-2", opened.leases());
        first.stop();
        sent.addAll(journal(10));
        awaitAllDelivered();
        assertThat(received).isEqualTo(sent);
    }

    private Notifications begin(String holder, Leases leases) {
        ClusterStateStore store = opened.store();
        WebhookSender sender =
                new WebhookSender(HttpClient.newHttpClient(), HoldfastJson.jsonMapper(), Duration.ofSeconds(1));
        WebhookDelivery delivery = new WebhookDelivery(
                webhook, store, sender, Duration.ofHours(1), System::nanoTime, new SimpleMeterRegistry());
        Notifications replica = new Notifications(
                List.of(delivery),
                store,
                leases,
                holder,
                LEASE_TIME,
                Thread.ofVirtual().factory());
        replicas.add(replica);
        replica.start();
        return replica;
    }

    private List<Long> journal(int events) {
        List<Long> revisions = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            Revision revision = opened.store()
                    .change(change -> change.record(JournalEntry.of(EventType.OBSERVER_LOST, "test", "lost")));
            revisions.add(revision.value());
        }
        return revisions;
    }

    /** Also that the webhook is known to the store: a new one is sent only what happens after that. */
    private void awaitAllDelivered() {
        Revision newest = opened.store().read(view -> view.revision());
        await().atMost(Duration.ofSeconds(60))
                .until(() -> opened.store()
                        .<Revision>read(view -> view.cursor(webhook.consumer()))
                        .equals(newest));
    }
}
