package dev.holdfast.region.journal;

import dev.holdfast.api.JournalEventView;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.JournalFilter;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.store.StoreUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * One client that follows the journal. It holds one batch of events at most: a slow client is read to more slowly, and one
 * that takes nothing is given up by the server's write timeout.
 */
final class JournalStream {

    private static final Logger log = LoggerFactory.getLogger(JournalStream.class);

    private static final int BATCH = 200;

    private static final long RECONNECT_MILLIS = 1_000;

    private static final long STORE_RETRY_MILLIS = 1_000;

    private final ClusterStateStore store;
    private final JournalSettings settings;
    private final LongSupplier nanoClock;
    private final JournalFilter filter;
    private final SseEmitter emitter;
    private final CountDownLatch ended = new CountDownLatch(1);
    private Revision held;
    private long sentAt;

    JournalStream(
            ClusterStateStore store,
            JournalSettings settings,
            LongSupplier nanoClock,
            JournalFilter filter,
            Revision start,
            SseEmitter emitter) {
        this.store = store;
        this.settings = settings;
        this.nanoClock = nanoClock;
        this.filter = filter;
        this.held = start;
        this.emitter = emitter;
        emitter.onCompletion(this::end);
        emitter.onError(failure -> end());
    }

    /** Lets {@link #run} return within a heartbeat, and the client know at once. */
    void end() {
        if (ended.getCount() > 0) {
            ended.countDown();
            emitter.complete();
        }
    }

    /** Sends events until the stream ends. */
    void run() {
        long start = nanoClock.getAsLong();
        try {
            // The first bytes make the server send the headers.
            send(SseEmitter.event().reconnectTime(RECONNECT_MILLIS).comment("journal"));
            while (!hasEnded()
                    && nanoClock.getAsLong() - start
                            < settings.maxStreamDuration().toNanos()) {
                follow();
            }
        } catch (IOException e) {
            log.debug("a client left the journal's stream at revision {}", held, e);
        } catch (RuntimeException e) {
            log.error("a stream of the journal failed at revision {}; its client resumes there", held, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    private void follow() throws IOException, InterruptedException {
        try {
            Revision newest = store.awaitChangeAfter(held, untilHeartbeat());
            if (hasEnded()) {
                return;
            }
            if (!newest.equals(held)) {
                send(store.read(this::next));
            }
        } catch (StoreUnavailableException e) {
            ended.await(STORE_RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
        // Also where events are many and the filter hides all of them.
        if (!untilHeartbeat().isPositive()) {
            heartbeat();
        }
    }

    private Duration untilHeartbeat() {
        return settings.heartbeat().minusNanos(nanoClock.getAsLong() - sentAt);
    }

    /** What comes behind the revision held; without events when some of them are gone. */
    private record Batch(Optional<List<JournalEvent>> events, Revision newest) {}

    private Batch next(StateView view) {
        Revision newest = view.revision();
        // A store that was restored from a backup is behind what the client has seen.
        boolean wentBack = held.isAfter(newest);
        return new Batch(wentBack ? Optional.empty() : view.eventsAfter(held, BATCH), newest);
    }

    private void send(Batch batch) throws IOException {
        if (batch.events().isEmpty()) {
            send(SseEmitter.event()
                    .id(batch.newest().toString())
                    .name("gap")
                    .data(
                            Map.of(
                                    "after",
                                    held.value(),
                                    "resumesAfter",
                                    batch.newest().value()),
                            MediaType.APPLICATION_JSON));
            held = batch.newest();
            return;
        }
        for (JournalEvent event : batch.events().get()) {
            if (filter.matches(event)) {
                send(SseEmitter.event()
                        .id(event.revision().toString())
                        .name("journal")
                        .data(JournalEventView.of(event), MediaType.APPLICATION_JSON));
            }
            held = event.revision();
        }
    }

    /** Also tells the client how far it has come, past the events that its filter hides. */
    private void heartbeat() throws IOException {
        send(SseEmitter.event().id(held.toString()).comment("alive"));
    }

    private void send(SseEmitter.SseEventBuilder event) throws IOException {
        try {
            emitter.send(event);
        } catch (IllegalStateException e) {
            throw new IOException("the answer has ended", e);
        }
        sentAt = nanoClock.getAsLong();
    }

    private boolean hasEnded() {
        return ended.getCount() == 0;
    }
}
