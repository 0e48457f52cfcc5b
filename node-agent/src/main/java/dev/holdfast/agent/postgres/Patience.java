package dev.holdfast.agent.postgres;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Waiting with an end, on a monotonic clock. */
public final class Patience {

    /** What comes soon is noticed soon, and what takes long is not asked for too often. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(5);

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);

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
        Duration next = FIRST_PAUSE;
        while (!condition.holds()) {
            if (nanoClock.getAsLong() - deadline >= 0) {
                return false;
            }
            pause.pause(next);
            next = next.compareTo(LONGEST_PAUSE) < 0 ? next.multipliedBy(3).dividedBy(2) : LONGEST_PAUSE;
        }
        return true;
    }
}
