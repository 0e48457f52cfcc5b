package dev.holdfast.model.store;

import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a copy of the {@link ClusterState} in memory and tells listeners of every newer one, in order, on one thread.
 *
 * <p>While the store is away the copy stays as it was. It follows the change feed, reloads only what changed, and reads
 * the whole state anew after any loss of contact and when it has fallen behind the journal's retention.
 */
public final class ClusterStateReplica implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ClusterStateReplica.class);

    /** The most that a lost notification can cost. */
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

    private static final Duration RETRY_DELAY = Duration.ofMillis(500);

    /** A follower that hangs in a dead connection may outlive {@link #close} by no more than the connection's timeout. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    /** Past this many events, one read of everything is cheaper than following them. */
    private static final int MAX_EVENTS_FOLLOWED = 1_000;

    private final ClusterStateStore store;
    private final List<Consumer<ClusterState>> listeners = new CopyOnWriteArrayList<>();
    private final Thread follower;
    private volatile ClusterState state;
    private volatile boolean inContact;
    /** Of the follower alone: the store's contacts before the last whole read. */
    private long contacts;

    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * @param start what to begin with, such as a copy kept on disk; {@link ClusterState#EMPTY} to begin with nothing
     * @param threads makes the one thread that follows the store, from {@link #start} to {@link #close}
     */
    public ClusterStateReplica(ClusterStateStore store, ClusterState start, ThreadFactory threads) {
        this.store = store;
        this.state = start;
        this.follower = threads.newThread(this::follow);
    }

    /** Adds a listener. It must not block for long: the copy stands still meanwhile. */
    public void onChange(Consumer<ClusterState> listener) {
        listeners.add(listener);
    }

    public void start() {
        follower.start();
    }

    /** The newest state known; {@link ClusterState#EMPTY} or the given start until the store was first read. */
    public ClusterState state() {
        return state;
    }

    /** Whether the last attempt to reach the store succeeded. False until the store was first read. */
    public boolean inContact() {
        return inContact;
    }

    @Override
    public void close() {
        closed.countDown();
        if (follower.getState() == Thread.State.NEW) {
            return;
        }
        follower.interrupt();
        try {
            follower.join(CLOSE_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() {
        boolean synchronised = false;
        while (isOpen()) {
            try {
                if (!synchronised) {
                    readWhole();
                    synchronised = true;
                } else {
                    catchUp();
                }
                if (!inContact) {
                    log.info("following the cluster-state store from revision {}", state.revision());
                }
                inContact = true;
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (!isOpen()) {
                    return;
                }
                if (inContact) {
                    log.warn("lost the cluster-state store; keeping revision {}", state.revision(), e);
                }
                inContact = false;
                // A store restored from a backup may have gone back in time: only a whole read is certain then.
                synchronised = false;
                if (closedWithin(RETRY_DELAY)) {
                    return;
                }
            }
        }
    }

    private void readWhole() {
        // Counted first: a contact gained during the read makes it be done again.
        contacts = store.contacts();
        publish(store.read(ClusterStateReplica::readAll));
    }

    private void catchUp() throws InterruptedException {
        Revision newest = store.awaitChangeAfter(state.revision(), POLL_INTERVAL);
        if (store.contacts() != contacts) {
            // A standby that took over may lack what this copy holds, and be past its revision all the same.
            readWhole();
            return;
        }
        if (newest.equals(state.revision())) {
            return;
        }
        ClusterState held = state;
        publish(store.read(view -> readChanges(view, held)));
    }

    private void publish(ClusterState newer) {
        if (newer.equals(state)) {
            return;
        }
        state = newer;
        for (Consumer<ClusterState> listener : listeners) {
            try {
                listener.accept(newer);
            } catch (RuntimeException e) {
                log.error("a listener failed on revision {}; the others go on", newer.revision(), e);
            }
        }
    }

    private boolean closedWithin(Duration delay) {
        try {
            return closed.await(delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    private boolean isOpen() {
        return closed.getCount() > 0;
    }

    private static ClusterState readChanges(StateView view, ClusterState held) {
        Optional<List<JournalEvent>> events = view.eventsAfter(held.revision(), MAX_EVENTS_FOLLOWED);
        if (events.isEmpty()
                || events.get().size() == MAX_EVENTS_FOLLOWED
                || held.revision().isAfter(view.revision())) {
            return readAll(view);
        }
        Set<ClusterId> changedClusters = new LinkedHashSet<>();
        boolean regionsChanged = false;
        for (JournalEvent event : events.get()) {
            event.entry().cluster().ifPresent(changedClusters::add);
            regionsChanged |= event.entry().region().isPresent();
        }
        Map<ClusterId, ClusterState.Members> clusters = new HashMap<>(held.clusters());
        for (ClusterId id : changedClusters) {
            ClusterState.@Nullable Members members = view.cluster(id)
                    .map(cluster -> ClusterState.Members.of(view, cluster))
                    .orElse(null);
            if (members == null) {
                clusters.remove(id);
            } else {
                clusters.put(id, members);
            }
        }
        return new ClusterState(view.revision(), regionsChanged ? view.regions() : held.regions(), clusters);
    }

    /** Reads the whole state. */
    public static ClusterState readAll(StateView view) {
        Map<ClusterId, List<Node>> nodes = view.nodes().stream().collect(Collectors.groupingBy(Node::cluster));
        Map<NodeId, NodeHealth> health =
                view.health().stream().collect(Collectors.toMap(NodeHealth::node, Function.identity()));
        Map<ClusterId, ClusterPrimary> primaries =
                view.primaries().stream().collect(Collectors.toMap(ClusterPrimary::cluster, Function.identity()));
        Map<ClusterId, ClusterState.Members> clusters = new HashMap<>();
        for (Cluster cluster : view.clusters()) {
            List<Node> members = nodes.getOrDefault(cluster.id(), List.of());
            clusters.put(
                    cluster.id(),
                    ClusterState.Members.of(
                            cluster,
                            members,
                            members.stream()
                                    .map(node -> health.get(node.id()))
                                    .filter(Objects::nonNull)
                                    .toList(),
                            Optional.ofNullable(primaries.get(cluster.id()))));
        }
        return new ClusterState(view.revision(), view.regions(), clusters);
    }
}
