package dev.holdfast.store.memory;

import dev.holdfast.model.health.Observer;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.Lease;
import dev.holdfast.model.store.Leases;
import dev.holdfast.model.store.ObserverRegistry;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.store.StoreRetention;
import dev.holdfast.model.store.StoreUnavailableException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The cluster-state store without a database, for tests: the same promises, on the clock it is given. Only {@link
 * #awaitChangeAfter} waits in real time. {@link #goAway} and {@link #comeBack} play the loss of the store.
 */
public final class InMemoryClusterStateStore implements ClusterStateStore, Leases, ObserverRegistry, StoreRetention {

    public static final Duration OBSERVER_TTL = Duration.ofSeconds(5);

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Tables committed = new Tables();
    private boolean away;
    private long contacts = 1;
    private final ThreadLocal<Boolean> inside = ThreadLocal.withInitial(() -> false);

    public InMemoryClusterStateStore(InstantSource clock) {
        this.clock = clock;
    }

    /** From now on every call fails as when the store can't be reached. */
    public void goAway() {
        alone(() -> {
            away = true;
            changed.signalAll();
            return true;
        });
    }

    /** Ends {@link #goAway}; all that was committed is still there. */
    public void comeBack() {
        alone(() -> {
            away = false;
            return ++contacts;
        });
    }

    @Override
    public <T> T read(Function<? super StateView, ? extends T> query) {
        Tables snapshot = reached(() -> committed);
        try (MemoryView view = new MemoryView(snapshot, now(), OBSERVER_TTL)) {
            return applied(query, view);
        }
    }

    @Override
    public <T> T change(Function<? super StateChange, ? extends T> work) {
        return reached(() -> {
            Tables copy = committed.copy();
            T result = apply(work, copy);
            committed = copy;
            changed.signalAll();
            return result;
        });
    }

    @Override
    public <T> T rehearse(Function<? super StateChange, ? extends T> work) {
        return reached(() -> apply(work, committed.copy()));
    }

    private <T> T apply(Function<? super StateChange, ? extends T> work, Tables copy) {
        try (MemoryChange change = new MemoryChange(copy, now(), OBSERVER_TTL)) {
            return applied(work, change);
        }
    }

    private <V, T> T applied(Function<? super V, ? extends T> function, V view) {
        inside.set(true);
        try {
            return function.apply(view);
        } finally {
            inside.remove();
        }
    }

    @Override
    public Revision awaitChangeAfter(Revision held, Duration atMost) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long remaining = atMost.toNanos();
            while (!away && !committed.revision.isAfter(held) && remaining > 0) {
                remaining = changed.awaitNanos(remaining);
            }
            requirePresent();
            return committed.revision;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long contacts() {
        return alone(() -> contacts);
    }

    @Override
    public Optional<Lease> acquire(String name, String holder, Duration timeToLive) {
        return reached(() -> {
            Instant now = now();
            Optional<Lease> held = Optional.ofNullable(committed.leases.get(name));
            boolean current =
                    held.filter(lease -> lease.expiresAt().isAfter(now)).isPresent();
            boolean own = held.filter(lease -> lease.holder().equals(holder)).isPresent();
            if (current && !own) {
                return Optional.empty();
            }
            long token = held.map(Lease::fencingToken).orElse(0L) + (current ? 0 : 1);
            Lease granted = new Lease(name, holder, token, now.plus(timeToLive));
            Tables copy = committed.copy();
            copy.leases.put(name, granted);
            committed = copy;
            return Optional.of(granted);
        });
    }

    @Override
    public void release(Lease lease) {
        reached(() -> {
            Tables copy = committed.copy();
            Instant now = now();
            copy.leases.computeIfPresent(
                    lease.name(),
                    (name, held) -> held.fencingToken() == lease.fencingToken()
                                    && held.expiresAt().isAfter(now)
                            ? new Lease(name, held.holder(), held.fencingToken(), now)
                            : held);
            committed = copy;
            return copy;
        });
    }

    @Override
    public List<Observer> heartbeat(ObserverId id, String location, int declaredObservers) {
        return reached(() -> {
            Tables copy = committed.copy();
            Instant now = now();
            boolean isolated = Optional.ofNullable(copy.observers.get(id))
                    .map(Observer::isolated)
                    .orElse(false);
            copy.observers.put(id, new Observer(id, location, declaredObservers, isolated, now, true));
            committed = copy;
            return MemoryView.observers(copy, now, OBSERVER_TTL);
        });
    }

    @Override
    public long prune(Duration journal, Duration observations, Duration answers, Duration operations) {
        return reached(() -> {
            Tables copy = committed.copy();
            long before = rows(copy);
            Instant now = now();
            while (copy.journal.size() > 1
                    && copy.journal.firstEntry().getValue().at().isBefore(now.minus(journal))) {
                copy.journal.pollFirstEntry();
            }
            copy.observations.removeIf(observation -> observation.recordedAt().isBefore(now.minus(observations)));
            copy.answers.values().removeIf(answer -> answer.at().isBefore(now.minus(answers)));
            copy.operations
                    .values()
                    .removeIf(operation -> operation.state().isFinal()
                            && operation
                                    .endedAt()
                                    .filter(end -> end.isBefore(now.minus(operations)))
                                    .isPresent());
            copy.leases.values().removeIf(lease -> lease.expiresAt().isBefore(now.minus(operations)));
            committed = copy;
            return before - rows(copy);
        });
    }

    private static long rows(Tables tables) {
        return (long) tables.journal.size()
                + tables.observations.size()
                + tables.answers.size()
                + tables.operations.size()
                + tables.leases.size();
    }

    /** PostgreSQL keeps microseconds. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private <T> T reached(Supplier<T> call) {
        return alone(() -> {
            requirePresent();
            return call.get();
        });
    }

    private <T> T alone(Supplier<T> call) {
        if (inside.get()) {
            throw new IllegalStateException("a call of the store from inside another");
        }
        lock.lock();
        try {
            return call.get();
        } finally {
            lock.unlock();
        }
    }

    private void requirePresent() {
        if (away) {
            throw new StoreUnavailableException(
                    "the cluster-state store can't be reached", new SQLNonTransientConnectionException("gone away"));
        }
    }
}
