package dev.holdfast.region.synchronisation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.region.ApiTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With real hooks on this machine. */
class SynchronisationTest extends ApiTest {

    private final AtomicInteger status = new AtomicInteger(503);

    private final AtomicInteger asked = new AtomicInteger();

    private HttpServer hook = newServer();

    @BeforeEach
    void serve() {
        hook.createContext("/ready", exchange -> {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        hook.start();
    }

    @AfterEach
    void stop() {
        hook.stop(0);
    }

    @Test
    void aNodeWithoutAHookTakesTrafficOnceItsChecksAreAnswered() {
        declareShop();
        judge("shop-1", HealthStatus.HEALTHY, 3);
        await().atMost(Duration.ofSeconds(2))
                .until(() -> node("shop-1").synchronisedIn().equals(Optional.of(3L)));
        assertThat(lastEvent().entry().type()).isEqualTo(EventType.NODE_SYNCHRONISED);
        assertThat(lastEvent().entry().actor()).isEqualTo("region-service");
        assertThat(lastEvent().entry().node()).contains(new NodeId("shop-1"));
        assertThat(get("/api/v1/nodes/shop-1"))
                .bodyJson()
                .extractingPath("$.takesTraffic")
                .isEqualTo(true);
        assertThat(node("shop-2").synchronisedIn()).isEmpty();
    }

    @Test
    void aNodeWithAHookWaitsUntilItAnswers200() {
        declareHooked();
        judge("shop-1", HealthStatus.HEALTHY, 0);
        await().until(() -> asked.get() >= 3);
        assertThat(node("shop-1").synchronisedIn()).isEmpty();
        status.set(204);
        int before = asked.get();
        await().until(() -> asked.get() > before + 1);
        assertThat(node("shop-1").synchronisedIn()).isEmpty();
        status.set(200);
        await().until(() -> node("shop-1").synchronisedIn().equals(Optional.of(0L)));
        assertThat(String.valueOf(lastEvent().entry().evidence().get("answer"))).contains("200 from GET");
    }

    @Test
    void aNewIncarnationIsAskedAnew() {
        declareHooked();
        status.set(200);
        judge("shop-1", HealthStatus.HEALTHY, 0);
        await().until(() -> node("shop-1").synchronisedIn().equals(Optional.of(0L)));
        status.set(503);
        judge("shop-1", HealthStatus.UNHEALTHY, 1);
        int before = asked.get();
        judge("shop-1", HealthStatus.HEALTHY, 1);
        await().until(() -> asked.get() > before + 1);
        assertThat(node("shop-1").synchronisedIn()).contains(0L);
        status.set(200);
        await().until(() -> node("shop-1").synchronisedIn().equals(Optional.of(1L)));
    }

    @Test
    void aMarkDoesNotHoldWhenTheNodeHasChangedMeanwhile() {
        declareShop();
        JoiningNode before = new JoiningNode(
                new NodeId("shop-2"), node("shop-2").cluster(), node("shop-2").address(), 5, Optional.empty());
        var lease = store.acquire("a test's own", "test", Duration.ofMinutes(1)).orElseThrow();
        SynchronisationMark marks = new SynchronisationMark(store);
        assertThat(marks.mark(List.of(before), lease, "never judged")).isEmpty();
        var revision = revision();
        assertThat(List.of(node("shop-2").synchronisedIn())).containsExactly(Optional.empty());
        assertThat(revision()).isEqualTo(revision);
    }

    private void declareHooked() {
        done(put("/api/v1/regions/eu", EU));
        done(put("/api/v1/clusters/shop", """
                {"synchronisation": {"path": "/ready", "interval": "100ms", "timeout": "1s"},
                 "nodes": [{"id": "shop-1", "region": "eu", "zone": "a", "address": "127.0.0.1:%d"}]}""".formatted(hook.getAddress().getPort())));
    }

    private static HttpServer newServer() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
