package dev.holdfast.failover.primary;

import dev.holdfast.failover.agent.AgentCalls;
import dev.holdfast.failover.runner.LoopEnd;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the {@link PrimaryRunner} on one thread: when the store or an agent has news, and at every tick. */
public final class PrimaryLoop implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PrimaryLoop.class);

    private final PrimaryRunner runner;
    private final PrimaryTimings timings;
    private final Thread thread;
    private final Semaphore news = new Semaphore(0);
    private volatile boolean closed;

    /** @param executor runs each order to an agent */
    public PrimaryLoop(
            PrimaryRunner.SharedState shared,
            AgentCalls calls,
            Executor executor,
            PrimaryTimings timings,
            PrimaryRunner.Self self,
            ThreadFactory threads) {
        this.runner = new PrimaryRunner(shared, calls, executor, timings, self, news::release);
        this.timings = timings;
        this.thread = threads.newThread(this::run);
        shared.replica().onChange(state -> news.release());
    }

    public void start() {
        thread.start();
    }

    /** Ends the loop and gives the clusters to the other replicas. Nothing is done to the databases. */
    @Override
    public void close() {
        closed = true;
        LoopEnd.await(thread);
    }

    private void run() {
        boolean inContact = true;
        while (!closed) {
            try {
                // One look serves all the news that came before it.
                news.drainPermits();
                runner.sweep();
                inContact = true;
            } catch (RuntimeException e) {
                if (inContact && !closed) {
                    log.warn("no primary is replaced until the store answers again; databases go on as they are", e);
                }
                inContact = false;
            }
            awaitNews();
        }
        LoopEnd.giveBack(runner::release);
    }

    private void awaitNews() {
        try {
            boolean came = news.tryAcquire(timings.tickInterval().toMillis(), TimeUnit.MILLISECONDS);
            log.trace("looking again, {}", came ? "for there is news" : "for it is time");
        } catch (InterruptedException e) {
            closed = true;
        }
    }
}
