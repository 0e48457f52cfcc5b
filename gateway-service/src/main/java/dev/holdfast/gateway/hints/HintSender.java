package dev.holdfast.gateway.hints;

import dev.holdfast.model.topology.NodeId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells every observer that requests to a node failed, at most once in an interval for each node. Nothing waits for it:
 * a hint that can't be sent is counted and forgotten. Safe for use by many threads.
 */
public final class HintSender {

    private static final Logger log = LoggerFactory.getLogger(HintSender.class);

    /** Calls under way at once. Past it observers are slow, and more calls would not make them check any sooner. */
    private static final int MAX_UNDER_WAY = 64;

    private final HintSettings settings;
    private final HttpClient http;
    private final JsonMapper json;
    private final LongSupplier nanoClock;
    private final Counter sent;
    private final Counter failed;
    private final Semaphore places = new Semaphore(MAX_UNDER_WAY);
    private final Map<NodeId, Pending> pending = new ConcurrentHashMap<>();

    /** Failures since the last hint, and when that was. */
    private record Pending(int failures, long lastHint) {}

    public HintSender(
            HintSettings settings, HttpClient http, JsonMapper json, MeterRegistry meters, LongSupplier nanoClock) {
        this.settings = settings;
        this.http = http.responseTimeout(settings.timeout());
        this.json = json;
        this.nanoClock = nanoClock;
        this.sent = counter(meters, "sent");
        this.failed = counter(meters, "failed");
    }

    private static Counter counter(MeterRegistry meters, String outcome) {
        return Counter.builder("holdfast.gateway.hints")
                .description("Hints to observers that a node failed requests")
                .tag("outcome", outcome)
                .register(meters);
    }

    /** A request to the node has failed. Returns at once. */
    public void failed(NodeId node, String kind) {
        long now = nanoClock.getAsLong();
        long interval = settings.interval().toNanos();
        Pending counted = pending.merge(
                node,
                new Pending(1, now - interval),
                (held, first) -> new Pending(held.failures() + 1, held.lastHint()));
        // Whoever replaces the count sends it; the others' failures are in it or in the next one.
        if (now - counted.lastHint() >= interval && pending.replace(node, counted, new Pending(0, now))) {
            byte[] hint = json.writeValueAsBytes(new NodeFailureHint(counted.failures(), kind));
            settings.observers().forEach(observer -> send(observer, node, hint));
        }
    }

    /** Forgets a node that is gone. */
    public void forget(NodeId node) {
        pending.remove(node);
    }

    private void send(URI observer, NodeId node, byte[] hint) {
        if (!places.tryAcquire()) {
            failed.increment();
            return;
        }
        http.headers(headers -> headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + settings.serviceToken())
                        .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                        .set(HttpHeaderNames.CONTENT_LENGTH, hint.length))
                .post()
                .uri(address(observer, node))
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(hint)))
                .response()
                .timeout(settings.timeout())
                .doFinally(signal -> places.release())
                .subscribe(response -> count(observer, response.status().code()), e -> {
                    failed.increment();
                    log.debug("a hint to {} failed", observer, e);
                });
    }

    /** A base URL may have a path, with or without a slash at its end. */
    private static String address(URI observer, NodeId node) {
        return observer.toString().replaceFirst("/+$", "") + "/api/v1/nodes/" + node + "/hints";
    }

    private void count(URI observer, int status) {
        if (status / 100 == 2) {
            sent.increment();
        } else {
            failed.increment();
            log.debug("a hint to {} was answered with {}", observer, status);
        }
    }
}
