package dev.holdfast.health.publication;

import dev.holdfast.health.watch.FormerLife;
import dev.holdfast.health.watch.HeldOpinion;
import dev.holdfast.health.watch.IsolationStatus;
import dev.holdfast.health.watch.Watch;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.health.Observer;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.store.StoreUnavailableException;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

/**
 * Brings the store in line with what this observer holds, and verdicts in line with the votes.
 *
 * <p>It remembers only which nodes need work, never what to write: that is taken from what is held when the store can be
 * reached. So an outage costs no memory, and nothing is published that is no longer true. The replica that completes
 * a majority commits the verdict in the same change. While this observer is isolated only that fact is published.
 */
public final class OpinionPublisher implements Disposable {

    private static final Logger log = LoggerFactory.getLogger(OpinionPublisher.class);

    /** Changes are serial, so one must be short; still, thousands of nodes must not need thousands of changes. */
    private static final int BATCH = 50;

    private static final Duration FIRST_RETRY = Duration.ofMillis(100);

    private static final Duration LAST_RETRY = Duration.ofSeconds(2);

    private final ObserverId self;
    private final ClusterStateStore store;
    private final Watch opinions;
    private final Scheduler worker;
    private final InstantSource clock;
    private final PublicationMetrics metrics;
    private final Set<NodeId> changed = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean sweepWanted = new AtomicBoolean();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Map<NodeId, HeldOpinion> published = new ConcurrentHashMap<>();
    private final VerdictSweep sweep;
    private volatile boolean markedIsolated;
    private volatile boolean closed;
    private int failures;

    /**
     * @param worker runs one task at a time; tasks block on the store
     * @param former what the store has of this observer
     */
    public OpinionPublisher(
            ObserverId self,
            ClusterStateStore store,
            Watch opinions,
            Scheduler worker,
            InstantSource clock,
            PublicationMetrics metrics,
            FormerLife former) {
        this.self = self;
        this.store = store;
        this.opinions = opinions;
        this.worker = worker;
        this.clock = clock;
        this.metrics = metrics;
        this.markedIsolated = former.isolated();
        former.opinions().forEach(opinion -> published.put(opinion.node(), opinion));
        this.sweep = new VerdictSweep(self, store);
    }

    /** Something new is held of the node. Never blocks; callable on any thread, as are the other two. */
    public void opinionChanged(NodeId node) {
        changed.add(node);
        wake(Duration.ZERO);
    }

    public void isolationChanged() {
        wake(Duration.ZERO);
    }

    /** Decides anew on all nodes, and compares what the store has of this observer with what it holds. */
    public void sweepSoon() {
        sweepWanted.set(true);
        wake(Duration.ZERO);
    }

    /** The store has been seen to hold this of our isolation; if that is wrong it is put right. */
    public void isolationInStore(boolean marked) {
        if (marked != markedIsolated) {
            markedIsolated = marked;
            wake(Duration.ZERO);
        }
    }

    /** How many nodes wait to be published. */
    public int backlog() {
        return changed.size();
    }

    @Override
    public void dispose() {
        closed = true;
    }

    private void wake(Duration delay) {
        if (!closed && scheduled.compareAndSet(false, true)) {
            worker.schedule(this::work, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void work() {
        scheduled.set(false);
        if (closed) {
            return;
        }
        try {
            bringInLine();
            if (failures > 0) {
                log.info("the cluster-state store is back; opinions are published again");
            }
            failures = 0;
        } catch (StoreUnavailableException e) {
            if (failures++ == 0) {
                log.warn("the cluster-state store can't be reached; opinions are kept until it is back", e);
            }
            wake(retryDelay());
        } catch (RuntimeException e) {
            failures++;
            log.error("publishing opinions failed; trying again", e);
            wake(retryDelay());
        }
    }

    private Duration retryDelay() {
        Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(failures, 10));
        return delay.compareTo(LAST_RETRY) < 0 ? delay : LAST_RETRY;
    }

    private void bringInLine() {
        IsolationStatus isolation = opinions.isolation();
        if (isolation.isolated()) {
            if (!markedIsolated) {
                mark(isolation, EventType.OBSERVER_BECAME_ISOLATED);
            }
        } else {
            // Before rejoining, so that no vote is counted that this observer has changed its mind about.
            publishChanged();
            if (markedIsolated) {
                mark(isolation, EventType.OBSERVER_REJOINED);
            }
        }
        if (sweepWanted.getAndSet(false)) {
            sweepAll();
        }
    }

    private void mark(IsolationStatus isolation, EventType event) {
        String message = "Observer %s %s: %d of %d nodes that it held UP fail"
                .formatted(
                        self,
                        isolation.isolated() ? "is likely cut off and holds its opinions" : "votes again",
                        isolation.failing(),
                        isolation.held());
        JournalEntry entry = JournalEntry.of(event, VerdictRecorder.ACTOR, message)
                .with(Map.of("observer", self.value(), "failing", isolation.failing(), "held", isolation.held()));
        store.change(change -> {
            boolean already = change.observers().stream()
                    .anyMatch(observer -> observer.id().equals(self) && observer.isolated() == isolation.isolated());
            if (!already) {
                change.markIsolated(self, isolation.isolated());
                change.record(entry);
            }
            return already;
        });
        markedIsolated = isolation.isolated();
        sweepWanted.set(true);
    }

    private void publishChanged() {
        while (!changed.isEmpty() && !closed) {
            List<NodeId> nodes = changed.stream().limit(BATCH).toList();
            // Taken off before they are looked up: what changes from here on is added again.
            nodes.forEach(changed::remove);
            try {
                publish(nodes);
            } catch (StoreUnavailableException e) {
                changed.addAll(nodes);
                throw e;
            } catch (RuntimeException e) {
                log.error("publishing {} opinions together failed; trying each alone", nodes.size(), e);
                nodes.forEach(this::publishAlone);
            }
        }
    }

    private void publishAlone(NodeId node) {
        try {
            publish(List.of(node));
        } catch (StoreUnavailableException e) {
            changed.add(node);
            throw e;
        } catch (RuntimeException e) {
            log.error("the opinion on node {} can't be published; the next sweep tries again", node, e);
        }
    }

    private void publish(List<NodeId> nodes) {
        List<HeldOpinion> news = nodes.stream()
                .flatMap(node -> opinions.held(node).stream())
                .filter(held -> !isPublished(held))
                .toList();
        nodes.stream().filter(node -> opinions.held(node).isEmpty()).forEach(published::remove);
        if (news.isEmpty()) {
            return;
        }
        Recorded recorded = store.change(change -> recordOpinions(change, news));
        recorded.opinions().forEach(held -> {
            published.put(held.node(), held);
            metrics.published(Duration.between(held.opinion().since(), clock.instant()));
        });
        recorded.verdicts().forEach(this::announce);
    }

    private boolean isPublished(HeldOpinion held) {
        HeldOpinion known = published.get(held.node());
        return known != null && known.agreesWith(held);
    }

    private static Recorded recordOpinions(StateChange change, List<HeldOpinion> news) {
        List<Observer> observers = change.observers();
        List<HeldOpinion> opinions = new ArrayList<>();
        List<NodeHealth> verdicts = new ArrayList<>();
        for (HeldOpinion held : news) {
            // An opinion on a node that was deleted meanwhile, or is at another address now, is about nothing that
            // still exists; the topology feed will say so here too, and the node at its new address is judged anew.
            Optional<Node> node =
                    change.node(held.node()).filter(present -> present.address().equals(held.address()));
            if (node.isPresent()) {
                change.put(held.opinion());
                opinions.add(held);
                VerdictRecorder.decideAndRecord(change, observers, node.get()).ifPresent(verdicts::add);
            }
        }
        return new Recorded(opinions, verdicts);
    }

    /** What one change has brought into the store. */
    private record Recorded(List<HeldOpinion> opinions, List<NodeHealth> verdicts) {}

    private void sweepAll() {
        try {
            VerdictSweep.Plan plan = sweep.plan();
            reconcile(plan.own());
            sweep.execute(plan, BATCH).forEach(this::announce);
        } catch (RuntimeException e) {
            sweepWanted.set(true);
            throw e;
        }
    }

    /** What the store lost, or never got, is published again. */
    private void reconcile(List<HeldOpinion> stored) {
        published.clear();
        stored.forEach(opinion -> published.put(opinion.node(), opinion));
        if (opinions.isolation().isolated()) {
            return;
        }
        List<NodeId> missing = opinions.allHeld().stream()
                .filter(held -> !isPublished(held))
                .map(HeldOpinion::node)
                .toList();
        changed.addAll(missing);
        publishChanged();
    }

    private void announce(NodeHealth verdict) {
        metrics.changed(verdict);
        if (verdict.status() == HealthStatus.HEALTHY) {
            log.info("node {} is HEALTHY: {}", verdict.node(), verdict.reason());
        } else {
            log.warn("node {} is {}: {}", verdict.node(), verdict.status(), verdict.reason());
        }
    }
}
