package dev.holdfast.health.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.api.JournalEventView;
import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.health.notification.NotificationSettings.Webhook;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.Lease;
import dev.holdfast.model.store.LeaseLostException;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WebhookDeliveryTest {

    private static final String SECRET = "a shared secret";

    private static final Duration LEASE_TIME = Duration.ofSeconds(15);

    private record Received(JournalEventView event, String signature, String body) {}

    private final AtomicLong seconds = new AtomicLong(1_000);
    private final InMemoryClusterStateStore store =
            new InMemoryClusterStateStore(() -> Instant.ofEpochSecond(seconds.get()));
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger status = new AtomicInteger(200);
    private final AtomicReference<Headers> headers = new AtomicReference<>(new Headers());
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean stalls;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;
    private Webhook webhook;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String signature = exchange.getRequestHeaders().getFirst(WebhookSender.SIGNATURE_HEADER);
            if (status.get() == 200) {
                received.add(new Received(
                        HoldfastJson.jsonMapper().readValue(body, JournalEventView.class),
                        String.valueOf(signature),
                        new String(body, StandardCharsets.UTF_8)));
            }
            headers.set(exchange.getRequestHeaders());
            exchange.sendResponseHeaders(status.get(), stalls ? 100 : -1);
            if (stalls) {
                exchange.getResponseBody().flush();
                awaitEnd();
            }
            exchange.close();
        });
        server.start();
        webhook = webhook(server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void beginsAtTheNewestEventAndDeliversInOrderWithASignature() throws Exception {
        journal(EventType.NODE_BECAME_UNHEALTHY, "before its time");
        WebhookDelivery delivery = delivery(webhook);
        Lease lease = lease("a");
        assertThat(delivery.deliver(() -> lease)).isEmpty();
        journal(EventType.NODE_BECAME_UNHEALTHY, "one");
        journal(EventType.CLUSTER_DECLARED, "of no interest");
        journal(EventType.NODE_BECAME_HEALTHY, "two");
        assertThat(delivery.deliver(() -> lease)).isEmpty();
        assertThat(received).extracting(got -> got.event().message()).containsExactly("one", "two");
        assertThat(received)
                .allSatisfy(got -> assertThat(got.signature())
                        .isEqualTo("sha256="
                                + WebhookSender.sign(SECRET, got.body().getBytes(StandardCharsets.UTF_8))));
        assertThat(store.<Revision>read(view -> view.cursor(webhook.consumer())))
                .isEqualTo(new Revision(4));
    }

    @Test
    void theFirstEventsOfAnEmptyJournalAreDelivered() throws Exception {
        WebhookDelivery delivery = delivery(webhook);
        Lease lease = lease("a");
        delivery.deliver(() -> lease);
        journal(EventType.NODE_BECAME_UNHEALTHY, "the very first");
        delivery.deliver(() -> lease);
        assertThat(received).hasSize(1);
    }

    @Test
    void aFailureIsTriedAgainLaterAndLaterAndHoldsUpWhatComesAfter() throws Exception {
        WebhookDelivery delivery = delivery(webhook);
        Lease lease = lease("a");
        delivery.deliver(() -> lease);
        journal(EventType.NODE_BECAME_UNHEALTHY, "one");
        journal(EventType.NODE_BECAME_HEALTHY, "two");
        status.set(503);
        assertThat(delivery.deliver(() -> lease)).contains(Duration.ofMillis(500));
        assertThat(delivery.deliver(() -> lease)).contains(Duration.ofSeconds(1));
        assertThat(delivery.deliver(() -> lease)).contains(Duration.ofSeconds(2));
        status.set(200);
        assertThat(delivery.deliver(() -> lease)).isEmpty();
        assertThat(received).extracting(got -> got.event().message()).containsExactly("one", "two");
    }

    @Test
    void afterABoundedTimeAnEventIsGivenUpAndTheNextOnesGoOn() throws Exception {
        WebhookDelivery delivery = delivery(webhook);
        Lease lease = lease("a");
        delivery.deliver(() -> lease);
        journal(EventType.NODE_BECAME_UNHEALTHY, "one");
        status.set(500);
        delivery.deliver(() -> lease);
        seconds.addAndGet(3_600);
        assertThat(delivery.deliver(() -> lease("a"))).isEmpty();
        status.set(200);
        journal(EventType.NODE_BECAME_HEALTHY, "two");
        delivery.deliver(() -> lease("a"));
        assertThat(received).extracting(got -> got.event().message()).containsExactly("two");
        assertThat(meters.get("holdfast.notifications")
                        .tag("result", "given_up")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void theNextLeaderGoesOnWhereTheLastStoppedAndTheLastMovesNothingMore() throws Exception {
        WebhookDelivery first = delivery(webhook);
        Lease firstLease = lease("a");
        first.deliver(() -> firstLease);
        journal(EventType.NODE_BECAME_UNHEALTHY, "one");
        first.deliver(() -> firstLease);

        seconds.addAndGet(60);
        Lease secondLease = lease("b");
        journal(EventType.NODE_BECAME_HEALTHY, "two");
        assertThatThrownBy(() -> first.deliver(() -> firstLease)).isInstanceOf(LeaseLostException.class);
        assertThat(store.<Revision>read(view -> view.cursor(webhook.consumer())))
                .isEqualTo(new Revision(1));
        WebhookDelivery second = delivery(webhook);
        second.deliver(() -> secondLease);
        assertThat(received).extracting(got -> got.event().message()).containsExactly("one", "two", "two");
    }

    @Test
    void aReceiverThatTakesAnEventAndNeverEndsItsAnswerHoldsUpNothing() throws Exception {
        stalls = true;
        WebhookDelivery delivery = delivery(webhook);
        Lease lease = lease("a");
        delivery.deliver(() -> lease);
        journal(EventType.NODE_BECAME_UNHEALTHY, "one");
        journal(EventType.NODE_BECAME_HEALTHY, "two");
        assertThat(delivery.deliver(() -> lease)).isEmpty();
        assertThat(received).extracting(got -> got.event().message()).containsExactly("one", "two");
    }

    @Test
    void aReceiverThatAcceptsAndSaysNothingIsTriedAgainLater() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            WebhookDelivery delivery = delivery(webhook(silent.getLocalPort()), Duration.ofMillis(200));
            Lease lease = lease("a");
            delivery.deliver(() -> lease);
            journal(EventType.NODE_BECAME_UNHEALTHY, "one");
            assertThat(delivery.deliver(() -> lease)).contains(Duration.ofMillis(500));
        }
    }

    @Test
    void credentialsInTheUrlGoToTheReceiverAndIntoNoMetric() throws Exception {
        Webhook withCredentials = new Webhook(
                URI.create(
                        "http://me:pass%20word@127.0.0.1:" + server.getAddress().getPort() + "/hook"),
                Optional.empty(),
                Set.of(EventType.OBSERVER_LOST));
        WebhookDelivery delivery = delivery(withCredentials);
        Lease lease = lease("a");
        delivery.deliver(() -> lease);
        journal(EventType.OBSERVER_LOST, "lost");
        delivery.deliver(() -> lease);
        assertThat(headers.get().getFirst("Authorization")).isEqualTo("Basic bWU6cGFzcyB3b3Jk");
        assertThat(meters.getMeters())
                .isNotEmpty()
                .noneMatch(meter -> meter.getId().toString().contains("pass"));
    }

    @Test
    void theLeaseIsRenewedBeforeEachAttempt() throws Exception {
        WebhookDelivery delivery = delivery(webhook);
        Lease lease = lease("a");
        delivery.deliver(() -> lease);
        journal(EventType.NODE_BECAME_UNHEALTHY, "one");
        journal(EventType.NODE_BECAME_HEALTHY, "two");
        AtomicInteger renewals = new AtomicInteger();
        assertThatThrownBy(() -> delivery.deliver(() -> {
                    if (renewals.incrementAndGet() == 3) {
                        throw new LeaseLostException("on purpose");
                    }
                    return lease;
                }))
                .isInstanceOf(LeaseLostException.class);
        assertThat(received).extracting(got -> got.event().message()).containsExactly("one");
    }

    @Test
    void aReceiverThatNeverAnswersHoldsUpNoOther() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            WebhookDelivery stuck = delivery(webhook(silent.getLocalPort()), Duration.ofMinutes(10));
            Notifications notifications = new Notifications(
                    List.of(stuck, delivery(webhook)),
                    store,
                    store,
                    "health-1",
                    LEASE_TIME,
                    Thread.ofVirtual().factory());
            notifications.start();
            try {
                await().untilAsserted(() -> {
                    journal(EventType.OBSERVER_LOST, "lost");
                    assertThat(received).hasSizeGreaterThan(3);
                });
            } finally {
                notifications.stop();
            }
        }
    }

    /** Test case 2 of RFC 4231. */
    @Test
    void signsAsReceiversExpect() {
        assertThat(WebhookSender.sign("Jefe", "what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    private WebhookDelivery delivery(Webhook to) {
        return delivery(to, Duration.ofSeconds(5));
    }

    private WebhookDelivery delivery(Webhook to, Duration timeout) {
        WebhookSender sender = new WebhookSender(HttpClient.newHttpClient(), HoldfastJson.jsonMapper(), timeout);
        return new WebhookDelivery(
                to, store, sender, Duration.ofHours(1), () -> seconds.get() * 1_000_000_000L, meters);
    }

    private static Webhook webhook(int port) {
        return new Webhook(
                URI.create("http://127.0.0.1:" + port + "/hook"),
                Optional.of(SECRET),
                Set.of(EventType.NODE_BECAME_HEALTHY, EventType.NODE_BECAME_UNHEALTHY, EventType.OBSERVER_LOST));
    }

    private void awaitEnd() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Lease lease(String holder) {
        return store.acquire("webhook", holder, LEASE_TIME).orElseThrow();
    }

    private void journal(EventType type, String message) {
        store.change(change -> change.record(JournalEntry.of(type, "test", message)));
    }
}
