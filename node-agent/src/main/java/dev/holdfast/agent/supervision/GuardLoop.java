package dev.holdfast.agent.supervision;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets something be done again and again, and at once when it is nudged, whatever happens in it. */
public final class GuardLoop implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(GuardLoop.class);

    private static final Duration END_LIMIT = Duration.ofSeconds(5);

    private final Runnable body;
    private final Duration interval;
    private final ThreadFactory threads;
    private final Semaphore nudges = new Semaphore(0);
    private @Nullable Thread thread;

    public GuardLoop(Runnable body, Duration interval, ThreadFactory threads) {
        this.body = body;
        this.interval = interval;
        this.threads = threads;
    }

    public synchronized void start() {
        Thread started = threads.newThread(this::run);
        thread = started;
        started.start();
    }

    public void nudge() {
        nudges.release();
    }

    @Override
    public synchronized void close() {
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            try {
                running.join(END_LIMIT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                body.run();
            } catch (RuntimeException e) {
                log.error("an unexpected failure", e);
            }
            try {
                boolean nudged = nudges.tryAcquire(interval.toMillis(), TimeUnit.MILLISECONDS);
                if (nudged) {
                    nudges.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
