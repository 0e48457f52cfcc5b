package dev.holdfast.failover.runner;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterStateStore;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the {@link OperationRunner} on one thread, at every change of the store and at every tick. */
public final class OperationLoop implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OperationLoop.class);

    /** With nothing running, only a lost notification has to be made up for. */
    private static final Duration IDLE_INTERVAL = Duration.ofSeconds(1);

    private final ClusterStateStore store;
    private final OperationRunner runner;
    private final RunnerTimings timings;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);

    public OperationLoop(
            ClusterStateStore store, OperationRunner runner, RunnerTimings timings, ThreadFactory threads) {
        this.store = store;
        this.runner = runner;
        this.timings = timings;
        this.thread = threads.newThread(this::run);
    }

    public void start() {
        thread.start();
    }

    /** Ends the loop and gives the operations to the other replicas. */
    @Override
    public void close() {
        closed.countDown();
        LoopEnd.await(thread);
    }

    private void run() {
        Revision seen = Revision.NONE;
        boolean inContact = true;
        while (closed.getCount() > 0) {
            try {
                boolean active = runner.sweep();
                inContact = true;
                seen = store.awaitChangeAfter(seen, active ? timings.tickInterval() : IDLE_INTERVAL);
            } catch (InterruptedException e) {
                break;
            } catch (RuntimeException e) {
                if (inContact && closed.getCount() > 0) {
                    log.warn("operations stand still until they can be read again", e);
                }
                inContact = false;
                pause();
            }
        }
        LoopEnd.giveBack(runner::release);
    }

    private void pause() {
        try {
            closed.await(timings.retryDelay().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
