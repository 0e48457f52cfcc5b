package dev.holdfast.endtoend;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Users who don't wait for one another: requests go out at a fixed rate however slow the answers are, and a latency counts
 * from the moment at which the request was due, so that a stall shows in every request that it held up.
 */
final class OpenLoopLoad implements AutoCloseable {

    static final int RATE = 300;

    /** A client that waited this long has given up. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final long GAP_NANOS = TimeUnit.SECONDS.toNanos(1) / RATE;

    /** A load that this machine was too busy to send proves nothing. */
    private static final double SHARE_THAT_COUNTS = 0.98;

    private final HttpRequest request;
    private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private final AtomicLong sent = new AtomicLong();
    private final long begun = System.nanoTime();
    private final Thread pacer;
    private volatile boolean ended;

    private OpenLoopLoad(URI target) {
        this.request = HttpRequest.newBuilder(target).GET().build();
        this.pacer = Thread.ofPlatform().name("load").unstarted(this::pace);
    }

    /** Starts sending GET requests for the gateway's root. */
    static OpenLoopLoad start(RunningQuickstart quickstart) {
        return start(quickstart.gateway());
    }

    /** The same for a gateway at that URL. */
    static OpenLoopLoad start(String gateway) {
        OpenLoopLoad load = new OpenLoopLoad(URI.create(gateway + "/"));
        load.pacer.start();
        return load;
    }

    /** Lets the load go on for so long. */
    OpenLoopLoad runFor(Duration duration) {
        LockSupport.parkNanos(duration.toNanos());
        return this;
    }

    /** What users have seen up to now; the load goes on. */
    LoadReport soFar() {
        return new LoadReport(outcomes);
    }

    /**
     * Ends the load, waits for the answers still to come, and tells what users saw.
     *
     * @throws IllegalStateException when fewer requests were sent than were due, or the end of one isn't known
     */
    LoadReport stop() throws InterruptedException {
        close();
        long due = (System.nanoTime() - begun) / GAP_NANOS;
        long deadline = System.nanoTime() + TIMEOUT.plusSeconds(5).toNanos();
        while (outcomes.size() < sent.get() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        if (outcomes.size() != sent.get() || sent.get() < due * SHARE_THAT_COUNTS) {
            throw new IllegalStateException(
                    due + " requests were due, " + sent + " were sent, and " + outcomes.size() + " have ended");
        }
        return new LoadReport(outcomes);
    }

    @Override
    public void close() {
        ended = true;
        try {
            pacer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pace() {
        Instant begunAt = Instant.now();
        for (long number = 0; !ended; number++) {
            long due = begun + number * GAP_NANOS;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            send(due, begunAt.plusNanos(number * GAP_NANOS));
        }
    }

    /** The time limit is for the whole answer; the client's own would end with its head. */
    private void send(long due, Instant dueAt) {
        sent.incrementAndGet();
        var _ = Http.CLIENT
                .sendAsync(request, BodyHandlers.ofString())
                .orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((response, failure) -> {
                    Duration latency = Duration.ofNanos(System.nanoTime() - due);
                    outcomes.add(
                            failure == null
                                    ? outcome(dueAt, latency, response)
                                    : new Outcome(dueAt, latency, 0, "", String.valueOf(failure)));
                });
    }

    private static Outcome outcome(Instant dueAt, Duration latency, HttpResponse<String> response) {
        String servedBy = response.headers().firstValue("x-served-by").orElse("");
        return new Outcome(
                dueAt, latency, response.statusCode(), servedBy, response.statusCode() == 200 ? "" : response.body());
    }

    /**
     * How one request ended.
     *
     * @param dueAt when it was to be sent
     * @param status 0 when there was no answer
     * @param servedBy the node that answered, empty when none did
     * @param problem what the user saw instead of an answer; empty on success
     */
    record Outcome(Instant dueAt, Duration latency, int status, String servedBy, String problem) {

        boolean isError() {
            return status != 200;
        }
    }
}
