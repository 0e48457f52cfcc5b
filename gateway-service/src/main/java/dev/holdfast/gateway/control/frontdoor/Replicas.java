package dev.holdfast.gateway.control.frontdoor;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Takes turns over the replicas of one service, those that failed lately last. Safe for use by many threads. */
final class Replicas {

    private final List<URI> addresses;
    private final long avoidNanos;
    private final LongSupplier nanoClock;
    private final AtomicInteger turn = new AtomicInteger();
    private final Map<URI, Long> failedAt = new ConcurrentHashMap<>();

    Replicas(List<URI> addresses, Duration avoidFailedFor, LongSupplier nanoClock) {
        this.addresses = List.copyOf(addresses);
        this.avoidNanos = avoidFailedFor.toNanos();
        this.nanoClock = nanoClock;
    }

    /** All replicas in the order in which a new request should try them. */
    List<URI> inOrder() {
        List<URI> order = new ArrayList<>(addresses);
        if (order.size() > 1) {
            Collections.rotate(order, -Math.floorMod(turn.getAndIncrement(), order.size()));
            order.sort((one, other) -> Boolean.compare(failedLately(one), failedLately(other)));
        }
        return order;
    }

    void failed(URI replica) {
        failedAt.put(replica, nanoClock.getAsLong());
    }

    void answered(URI replica) {
        failedAt.remove(replica);
    }

    private boolean failedLately(URI replica) {
        Long at = failedAt.get(replica);
        return at != null && nanoClock.getAsLong() - at < avoidNanos;
    }
}
