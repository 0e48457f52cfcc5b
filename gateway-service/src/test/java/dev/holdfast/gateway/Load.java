package dev.holdfast.gateway;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.awaitility.Awaitility;

/** GET requests from several clients at once, each waiting for its answer before it asks again. */
final class Load implements AutoCloseable {

    private final TestGateway gateway;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger answers = new AtomicInteger();
    private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
    private final List<Thread> clients = new ArrayList<>();

    Load(TestGateway gateway, int concurrency) {
        this.gateway = gateway;
        for (int i = 0; i < concurrency; i++) {
            clients.add(Thread.ofVirtual().start(this::run));
        }
    }

    private void run() {
        HttpRequest request = HttpRequest.newBuilder(gateway.url("/load"))
                .timeout(Duration.ofSeconds(20))
                .build();
        while (!stopped.get()) {
            String outcome;
            try {
                HttpResponse<String> response = gateway.client().send(request, HttpResponse.BodyHandlers.ofString());
                outcome = response.statusCode() == 200 ? "200" : response.statusCode() + " " + response.body();
            } catch (IOException e) {
                outcome = e.toString();
            } catch (InterruptedException e) {
                return;
            }
            outcomes.computeIfAbsent(outcome, key -> new LongAdder()).increment();
            answers.incrementAndGet();
        }
    }

    /** Lets so many more requests be answered. */
    void letPass(int requests) {
        int target = answers.get() + requests;
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> answers.get() >= target);
    }

    /** Stops, and returns how often each outcome was seen; success is {@code 200}. */
    Map<String, Long> stop() {
        stopped.set(true);
        clients.forEach(client -> {
            try {
                client.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Map<String, Long> counts = new ConcurrentHashMap<>();
        outcomes.forEach((outcome, count) -> counts.put(outcome, count.sum()));
        return counts;
    }

    @Override
    public void close() {
        stop();
    }
}
