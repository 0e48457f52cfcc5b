package dev.holdfast.agent.postgres;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Waiting with an end, on a monotonic clock. */
public final class Patience {

    private static final Duration POLL = Duration.ofMillis(10);

    private final LongSupplier nanoClock;
    private final Pause pause;

    public Patience(LongSupplier nanoClock, Pause pause) {
        this.nanoClock = nanoClock;
        this.pause = pause;
    }

    /** Lets time pass. */
    @FunctionalInterface
    public interface Pause {
        void pause(Duration duration) throws InterruptedException;
    }

    /** Something that comes true. */
    @FunctionalInterface
    public interface Condition {
        boolean holds() throws PostgresException, InterruptedException;
    }

    /** Returns whether the condition came true within the limit. An interrupt ends the wait. */
    boolean until(Duration limit, Condition condition) throws PostgresException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("called off");
        }
        long deadline = nanoClock.getAsLong() + limit.toNanos();
        while (!condition.holds()) {
            if (nanoClock.getAsLong() - deadline >= 0) {
                return false;
            }
            pause.pause(POLL);
        }
        return true;
    }
}
