package dev.holdfast.gateway.retry;

import dev.holdfast.model.topology.Retries;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How many retries a cluster may have: over the last 10 s, no more than a share of its requests plus a minimum. So a
 * cluster that fails as a whole is not brought down by its own retries. Safe for use by many threads.
 */
public final class RetryBudget {

    private static final int SLOTS = 10;
    private static final long SLOT_NANOS = Duration.ofSeconds(1).toNanos();

    private final LongSupplier nanoClock;
    private final long origin;
    private final int[] requests = new int[SLOTS];
    private final int[] retries = new int[SLOTS];
    private long newestSlot;
    private int requestsInWindow;
    private int retriesInWindow;

    public RetryBudget(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.origin = nanoClock.getAsLong();
    }

    public synchronized void countRequest() {
        moveOn();
        requests[(int) (newestSlot % SLOTS)]++;
        requestsInWindow++;
    }

    /** Takes one retry out of the budget; false when none is left. */
    public synchronized boolean tryTake(Retries settings) {
        moveOn();
        long allowed = (long) requestsInWindow * settings.budgetPercent() / 100
                + (long) settings.budgetMinimumPerSecond() * SLOTS;
        if (retriesInWindow >= allowed) {
            return false;
        }
        retries[(int) (newestSlot % SLOTS)]++;
        retriesInWindow++;
        return true;
    }

    private void moveOn() {
        long slot = (nanoClock.getAsLong() - origin) / SLOT_NANOS;
        for (long passed = Math.max(newestSlot + 1, slot - SLOTS + 1); passed <= slot; passed++) {
            int index = (int) (passed % SLOTS);
            requestsInWindow -= requests[index];
            retriesInWindow -= retries[index];
            requests[index] = 0;
            retries[index] = 0;
        }
        newestSlot = Math.max(newestSlot, slot);
    }
}
