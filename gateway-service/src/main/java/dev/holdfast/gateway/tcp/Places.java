package dev.holdfast.gateway.tcp;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts the connections of one cluster, over all its listeners. */
final class Places {

    private final AtomicInteger taken = new AtomicInteger();

    /** Takes a place if fewer than {@code most} are taken; the caller gives it back with {@link #leave}. */
    boolean take(int most) {
        if (taken.incrementAndGet() <= most) {
            return true;
        }
        taken.decrementAndGet();
        return false;
    }

    void leave() {
        taken.decrementAndGet();
    }
}
