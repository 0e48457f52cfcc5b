package dev.holdfast.failover.runner;

import dev.holdfast.failover.operation.Action;
import dev.holdfast.failover.operation.Decision;
import dev.holdfast.failover.operation.GivenUp;
import dev.holdfast.failover.operation.Limits;
import dev.holdfast.failover.operation.OperationDecider;
import dev.holdfast.failover.operation.OperationJournal;
import dev.holdfast.failover.operation.OperationSnapshot;
import dev.holdfast.failover.operation.Trigger;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationId;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.Lease;
import dev.holdfast.model.store.LeaseLostException;
import dev.holdfast.model.store.Leases;
import dev.holdfast.model.store.StaleVersionException;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves every operation on as far as the facts carry. Replicas share the operations by a lease each; one goes on with
 * what another has stored. The methods are called by one thread.
 */
public final class OperationRunner {

    private static final Logger log = LoggerFactory.getLogger(OperationRunner.class);

    /** A lease is renewed when a third of its time is over: two renewals may fail. */
    private static final int RENEWALS_PER_LEASE = 3;

    /** With twice the pause after each, starting with a second, the last is about two minutes after the first. */
    private static final int MOST_FAILURES = 8;

    private final ClusterStateStore store;
    private final Leases leases;
    private final ActionRunner actions;
    private final Limits limits;
    private final RunnerTimings timings;
    private final String holder;
    private final LongSupplier nanoClock;
    private final Map<OperationId, OperationWatch> watches = new HashMap<>();
    private final Map<OperationId, Long> askAgainAt = new HashMap<>();
    private final Map<OperationId, Integer> failures = new HashMap<>();
    private final OperationMetrics metrics;

    /** @param holder names this replica among those that share the leases */
    public OperationRunner(
            SharedState shared,
            ActionRunner actions,
            Limits limits,
            RunnerTimings timings,
            String holder,
            LongSupplier nanoClock,
            OperationMetrics metrics) {
        this.store = shared.store();
        this.leases = shared.leases();
        this.actions = actions;
        this.limits = limits;
        this.timings = timings;
        this.holder = holder;
        this.nanoClock = nanoClock;
        this.metrics = metrics;
    }

    /** What the replicas share. */
    public record SharedState(ClusterStateStore store, Leases leases) {}

    /**
     * Looks at every operation once. Throws {@link StoreUnavailableException} when the store is away; the operations then
     * stay as they are, and what time passes is not held against their steps.
     *
     * @return whether any operation has not ended
     */
    public boolean sweep() {
        try {
            List<Operation> active = store.read(StateView::activeOperations);
            forgetAllBut(active);
            for (Operation operation : active) {
                Optional<OperationWatch> watch = watch(operation);
                if (watch.isPresent()) {
                    tick(watch.get());
                }
            }
            metrics.running(watches.size());
            return !active.isEmpty();
        } catch (StoreUnavailableException e) {
            watches.values().forEach(OperationWatch::gap);
            throw e;
        }
    }

    /** Gives all leases back, so that another replica goes on at once. */
    public void release() {
        watches.values().forEach(watch -> leases.release(watch.lease()));
        watches.clear();
    }

    private void forgetAllBut(List<Operation> active) {
        Set<OperationId> ids = new HashSet<>();
        active.forEach(operation -> ids.add(operation.id()));
        watches.values().removeIf(watch -> {
            boolean ended = !ids.contains(watch.operation());
            if (ended) {
                leases.release(watch.lease());
            }
            return ended;
        });
        askAgainAt.keySet().retainAll(ids);
        failures.keySet().retainAll(ids);
    }

    /** This replica's hold on the operation; empty while another one runs it. */
    private Optional<OperationWatch> watch(Operation operation) {
        long now = nanoClock.getAsLong();
        OperationWatch held = watches.get(operation.id());
        if (held != null && !held.isRenewalDue(now)) {
            return Optional.of(held);
        }
        if (held == null && now - askAgainAt.getOrDefault(operation.id(), now) < 0) {
            return Optional.empty();
        }
        Optional<Lease> granted = leases.acquire("operation-" + operation.cluster(), holder, timings.leaseTimeToLive());
        if (granted.isEmpty()) {
            watches.remove(operation.id());
            askAgainAt.put(operation.id(), now + timings.retryDelay().toNanos());
            return Optional.empty();
        }
        long renewAt =
                now + timings.leaseTimeToLive().dividedBy(RENEWALS_PER_LEASE).toNanos();
        if (held != null && held.lease().fencingToken() == granted.get().fencingToken()) {
            held.renewed(granted.get(), renewAt);
            return Optional.of(held);
        }
        log.info("operation {} ({} of {}) is run here", operation.id(), operation.type(), operation.cluster());
        OperationWatch taken = new OperationWatch(operation, granted.get(), renewAt);
        watches.put(operation.id(), taken);
        return Optional.of(taken);
    }

    private void tick(OperationWatch watch) {
        try {
            Seen seen = store.read(view -> decide(view, watch));
            if (seen.decision().changes()) {
                seen = persist(watch);
            }
            for (Action action : seen.decision().actions()) {
                actions.begin(action, watch, seen.now());
            }
            failures.remove(watch.operation());
        } catch (StaleVersionException | LeaseLostException e) {
            log.info("operation {} is run elsewhere now: {}", watch.operation(), e.getMessage());
            watches.remove(watch.operation());
        } catch (StoreUnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            // A broken invariant stops this one operation; the others go on.
            failed(watch, e);
        }
    }

    /** Leaves the operation to another replica, which may know better, and tries again later; in the end gives it up. */
    private void failed(OperationWatch watch, RuntimeException failure) {
        OperationId id = watch.operation();
        int count = failures.merge(id, 1, Integer::sum);
        log.error("operation {} can't go on (failure {}, the last try is {})", id, count, MOST_FAILURES, failure);
        if (count >= MOST_FAILURES) {
            giveUp(watch, failure);
        }
        watches.remove(id);
        leases.release(watch.lease());
        Duration pause = timings.retryDelay().multipliedBy(1L << (Math.min(count, MOST_FAILURES) - 1));
        askAgainAt.put(id, nanoClock.getAsLong() + pause.toNanos());
    }

    private void giveUp(OperationWatch watch, RuntimeException failure) {
        try {
            metrics.ended(store.change(change -> {
                change.requireLease(watch.lease());
                Operation operation = change.operation(watch.operation()).orElseThrow();
                Operation ended = GivenUp.ended(
                        operation, change.nodesOf(operation.cluster()), change.now(), String.valueOf(failure));
                change.record(OperationJournal.givenUp(ended));
                return change.put(ended);
            }));
        } catch (StoreUnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            log.error("operation {} can't even be given up; it is tried again", watch.operation(), e);
        }
    }

    private record Seen(Decision decision, Instant now) {}

    /** Decides on what is stored at this moment, so that nothing can change between the decision and its record. */
    private Seen persist(OperationWatch watch) {
        Seen stored = store.change(change -> {
            Seen seen = decide(change, watch);
            if (seen.decision().changes()) {
                change.requireLease(watch.lease());
                for (JournalEntry entry : seen.decision().journal()) {
                    change.record(entry);
                    log.info("operation {}: {}", watch.operation(), entry.message());
                }
                change.put(seen.decision().operation());
            }
            return seen;
        });
        metrics.stored(stored.decision());
        return stored;
    }

    private Seen decide(StateView view, OperationWatch watch) {
        Instant now = view.now();
        Operation operation = view.operation(watch.operation())
                .orElseThrow(() -> new IllegalStateException("the operation is gone from the store"));
        OperationSnapshot snapshot = new OperationSnapshot(
                now,
                watch.watchedSince(now),
                new Trigger.Tick(),
                operation,
                ClusterState.Members.of(view, operation.cluster()),
                actions.gatewayAddresses(),
                watch.evidence(),
                limits);
        return new Seen(OperationDecider.decide(snapshot), now);
    }
}
