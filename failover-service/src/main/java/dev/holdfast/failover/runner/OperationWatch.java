package dev.holdfast.failover.runner;

import dev.holdfast.failover.operation.Evidence;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationId;
import dev.holdfast.model.store.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** What this replica holds of one operation that it runs. The evidence may be added to by any thread; the rest is the runner's. */
final class OperationWatch {

    private final OperationId operation;
    private final String startedBy;
    private final Map<Object, Long> notBefore = new HashMap<>();
    private final Map<Object, Boolean> underWay = new HashMap<>();
    private final AtomicReference<Evidence> evidence = new AtomicReference<>(Evidence.NONE);
    private Lease lease;
    private long renewAt;
    private Optional<Instant> watchedSince = Optional.empty();

    OperationWatch(Operation operation, Lease lease, long renewAt) {
        this.operation = operation.id();
        this.startedBy = operation.startedBy();
        this.lease = lease;
        this.renewAt = renewAt;
    }

    OperationId operation() {
        return operation;
    }

    String startedBy() {
        return startedBy;
    }

    Lease lease() {
        return lease;
    }

    boolean isRenewalDue(long now) {
        return now - renewAt >= 0;
    }

    void renewed(Lease newLease, long nextRenewAt) {
        lease = newLease;
        renewAt = nextRenewAt;
    }

    Evidence evidence() {
        return evidence.get();
    }

    void learn(UnaryOperator<Evidence> fact) {
        evidence.updateAndGet(fact);
    }

    /** Since when the operation has been followed without a gap; {@code now} after one. */
    Instant watchedSince(Instant now) {
        if (watchedSince.isEmpty()) {
            watchedSince = Optional.of(now);
        }
        return watchedSince.get();
    }

    /** Nothing was seen for a while. */
    void gap() {
        watchedSince = Optional.empty();
    }

    /** Whether {@code action} may begin now: the same is not under way, and its pause since the last time is over. */
    synchronized boolean begin(Object action, long now, Duration pause) {
        if (underWay.containsKey(action) || now - notBefore.getOrDefault(action, now) < 0) {
            return false;
        }
        underWay.put(action, true);
        notBefore.put(action, now + pause.toNanos());
        return true;
    }

    synchronized void ended(Object action) {
        underWay.remove(action);
    }
}
