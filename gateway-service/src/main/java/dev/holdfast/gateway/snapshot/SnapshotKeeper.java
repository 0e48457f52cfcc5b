package dev.holdfast.gateway.snapshot;

import dev.holdfast.model.store.ClusterState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Writes the newest cluster state to disk, a moment after it changed, so that a burst of changes is one write. A write
 * that fails is logged, counted and tried again; routing goes on regardless.
 */
public final class SnapshotKeeper implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SnapshotKeeper.class);

    private static final Duration SETTLING = Duration.ofMillis(500);

    /** A full disk is not emptied in a moment. */
    private static final Duration RETRY = Duration.ofSeconds(5);

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final SnapshotFile file;
    private final InstantSource clock;
    private final ScheduledExecutorService writer;
    private final Counter failures;
    private final AtomicReference<@Nullable ClusterState> unwritten = new AtomicReference<>();
    private volatile @Nullable Instant writtenAt;

    /** @param writer one thread, which this keeper shuts down */
    public SnapshotKeeper(
            SnapshotFile file, InstantSource clock, ScheduledExecutorService writer, MeterRegistry meters) {
        this.file = file;
        this.clock = clock;
        this.writer = writer;
        this.failures = Counter.builder("holdfast.gateway.snapshot.failures")
                .description("Writes of the snapshot that failed")
                .register(meters);
        TimeGauge.builder("holdfast.gateway.snapshot.age", this::age, TimeUnit.SECONDS)
                .description("Since the snapshot on disk was written; absent before the first write")
                .register(meters);
    }

    private Number age() {
        Instant written = writtenAt;
        return written == null
                ? Double.NaN
                : Duration.between(written, clock.instant()).toMillis() / 1000.0;
    }

    /** Takes note of a newer state. Returns at once. */
    public void keep(ClusterState state) {
        if (unwritten.getAndSet(state) == null) {
            var _ = writer.schedule(this::write, SETTLING.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void write() {
        ClusterState state = unwritten.getAndSet(null);
        if (state == null) {
            return;
        }
        try {
            Instant now = clock.instant();
            file.write(state, now);
            writtenAt = now;
        } catch (IOException | JacksonException e) {
            failures.increment();
            log.error("the snapshot of revision {} can't be written; the one before is kept", state.revision(), e);
            tryAgainLater(state);
        }
    }

    /** A newer state that has come meanwhile has its own write coming. */
    private void tryAgainLater(ClusterState state) {
        if (!writer.isShutdown() && unwritten.compareAndSet(null, state)) {
            var _ = writer.schedule(this::write, RETRY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Lets a write that is due be done. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("the disk is slow; the snapshot may be older than the last state");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
