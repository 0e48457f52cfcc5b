package dev.holdfast.region.synchronisation;

import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.model.store.Lease;
import dev.holdfast.model.store.LeaseLostException;
import dev.holdfast.model.store.StoreException;
import dev.holdfast.region.synchronisation.SynchronisationDecider.Attempt;
import dev.holdfast.region.synchronisation.SynchronisationDecider.Decision;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Follows the cluster state and carries out what {@link SynchronisationDecider} decides, on one replica at a time. What it
 * knows in memory is worth nothing to another replica: after a change of the lease, every hook is simply asked again.
 */
final class Synchroniser implements SmartLifecycle {

    /** Many nodes may join at once; asking them costs a connection each. */
    static final int MAX_ASKED_AT_ONCE = 64;

    /** Nodes marked in one change, which then takes tens of milliseconds. */
    static final int MARK_BATCH = 50;

    private static final Logger log = LoggerFactory.getLogger(Synchroniser.class);

    /** After a mark that the store took or refused, until the copy of the state shows it; and after one it didn't answer. */
    private static final Duration MARK_AGAIN = Duration.ofMillis(500);

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    private final ClusterStateReplica replica;
    private final HeldLease lease;
    private final HookClient hooks;
    private final SynchronisationMark marks;
    private final ThreadFactory threads;
    private final LongSupplier nanoClock;

    private final Map<JoiningNode, Attempt> attempts = new ConcurrentHashMap<>();
    private final Map<JoiningNode, String> reasons = new ConcurrentHashMap<>();
    private final Semaphore places = new Semaphore(MAX_ASKED_AT_ONCE);
    private final Semaphore wake = new Semaphore(0);
    private volatile boolean running;
    private @Nullable Thread loop;

    Synchroniser(
            ClusterStateReplica replica,
            HeldLease lease,
            HookClient hooks,
            SynchronisationMark marks,
            ThreadFactory threads,
            LongSupplier nanoClock) {
        this.replica = replica;
        this.lease = lease;
        this.hooks = hooks;
        this.marks = marks;
        this.threads = threads;
        this.nanoClock = nanoClock;
        replica.onChange(state -> wake.release());
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        loop = threads.newThread(this::run);
        loop.start();
    }

    @Override
    public synchronized void stop() {
        running = false;
        wake.release();
        Thread stopping = loop;
        if (stopping == null) {
            return;
        }
        try {
            stopping.join(STOP_PATIENCE);
            lease.release();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StoreException e) {
            log.warn("the lease is left to run out", e);
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void run() {
        try {
            while (running) {
                Duration rest = stepOrRest();
                if (wake.tryAcquire(rest.toNanos(), TimeUnit.NANOSECONDS)) {
                    wake.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whatever goes wrong in one look, the next one may go right. */
    private Duration stepOrRest() {
        try {
            return step();
        } catch (RuntimeException e) {
            log.error("synchronisation failed unexpectedly; it goes on", e);
            return SynchronisationDecider.LONGEST_REST;
        }
    }

    /** One look; returns how long to rest when nothing happens. */
    Duration step() {
        List<JoiningNode> joining = SynchronisationDecider.joining(replica.state());
        Set<JoiningNode> present = Set.copyOf(joining);
        attempts.keySet().removeIf(node -> !present.contains(node));
        reasons.keySet().retainAll(present);
        if (joining.isEmpty()) {
            return SynchronisationDecider.LONGEST_REST;
        }
        try {
            Optional<Lease> held = lease.current();
            if (held.isEmpty()) {
                attempts.clear();
                return SynchronisationDecider.LONGEST_REST;
            }
            Decision decision = SynchronisationDecider.decide(new SynchronisationDecider.Snapshot(
                    joining, attempts, nanoClock.getAsLong(), places.availablePermits()));
            markAll(decision.mark());
            decision.ask().forEach(node -> ask(node, held.get()));
            return decision.lookAgain();
        } catch (StoreException e) {
            log.warn("joining nodes have to wait for the cluster-state store", e);
            return SynchronisationDecider.LONGEST_REST;
        }
    }

    private void ask(JoiningNode node, Lease held) {
        if (!places.tryAcquire()) {
            return;
        }
        attempts.put(node, new Attempt.UnderWay());
        JoiningNode.Question question = node.question().orElseThrow();
        threads.newThread(() -> {
                    try {
                        HookClient.Answer answer = hooks.ask(question);
                        if (answer.synchronised()) {
                            mark(List.of(node), held, answer.detail(), question.interval());
                        } else {
                            explain(node, answer.detail());
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        places.release();
                        tryAgainAfter(node, question.interval());
                        wake.release();
                    }
                })
                .start();
    }

    /** However many they are, under a lease that is held while each batch is marked. What is left is looked at again. */
    private void markAll(List<JoiningNode> nodes) {
        for (List<JoiningNode> batch :
                nodes.stream().gather(Gatherers.windowFixed(MARK_BATCH)).toList()) {
            Optional<Lease> held = lease.current();
            if (held.isEmpty() || !mark(batch, held.get(), "it answers its checks", MARK_AGAIN)) {
                return;
            }
        }
    }

    /** Returns whether the store took it: if not, marking others makes no sense now. */
    private boolean mark(List<JoiningNode> nodes, Lease held, String detail, Duration again) {
        try {
            marks.mark(nodes, held, detail)
                    .forEach(node -> log.info("node {} of {} is synchronised: {}", node.id(), node.cluster(), detail));
            return true;
        } catch (LeaseLostException e) {
            lease.lost();
            log.info("another replica synchronises joining nodes now");
            return false;
        } catch (StoreException e) {
            log.warn("{} nodes can't be marked synchronised yet", nodes.size(), e);
            return false;
        } finally {
            nodes.forEach(node -> tryAgainAfter(node, again));
        }
    }

    private void tryAgainAfter(JoiningNode node, Duration delay) {
        attempts.put(node, new Attempt.NotBefore(nanoClock.getAsLong() + delay.toNanos()));
    }

    /** Logs why a node has to wait, once for each reason in a row. */
    private void explain(JoiningNode node, String reason) {
        if (!reason.equals(reasons.put(node, reason))) {
            log.info("node {} of {} is not synchronised yet: {}", node.id(), node.cluster(), reason);
        }
    }
}
