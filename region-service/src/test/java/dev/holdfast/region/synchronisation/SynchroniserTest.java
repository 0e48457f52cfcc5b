package dev.holdfast.region.synchronisation;

import static dev.holdfast.store.StoreFixtures.cluster;
import static dev.holdfast.store.StoreFixtures.entry;
import static dev.holdfast.store.StoreFixtures.healthy;
import static dev.holdfast.store.StoreFixtures.node;
import static dev.holdfast.store.StoreFixtures.region;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.model.store.Lease;
import dev.holdfast.model.store.Leases;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.Node;
import dev.holdfast.store.StoreFixtures;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When many nodes join at once. */
@Timeout(60)
class SynchroniserTest {

    private static final int NODES = 2 * Synchroniser.MARK_BATCH + 1;

    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(5);

    private final InMemoryClusterStateStore store = new InMemoryClusterStateStore(() -> StoreFixtures.SOME_TIME);
    private final ClusterStateReplica replica = new ClusterStateReplica(
            store, ClusterState.EMPTY, Thread.ofVirtual().factory());
    private final HookClient hooks = new HookClient();
    private final AtomicLong nanos = new AtomicLong();

    @BeforeEach
    void manyNodesJoin() {
        Revision declared = store.change(change -> {
            change.record(entry(EventType.CLUSTER_DECLARED));
            change.put(region("north", "a"));
            change.put(cluster("shop"));
            IntStream.range(0, NODES).forEach(i -> {
                change.put(node("node-" + i, "shop", "north", "a"));
                change.put(healthy("node-" + i));
            });
            return change.revision();
        });
        replica.start();
        await().until(() -> replica.state().revision().equals(declared));
    }

    @AfterEach
    void close() {
        replica.close();
        hooks.close();
    }

    @Test
    void marksThemInBatchesWithAnEventEach() {
        Revision before = store.read(StateView::revision);

        synchroniser(store).step();

        List<Node> nodes = store.read(StateView::nodes);
        assertThat(nodes).hasSize(NODES).allMatch(node -> node.synchronisedIn().equals(Optional.of(0L)));
        assertThat(nodes.stream().map(Node::version).distinct()).hasSize(3);
        assertThat(store.<Revision>read(StateView::revision).value() - before.value())
                .isEqualTo(NODES);
    }

    @Test
    void renewsItsLeaseBetweenBatches() {
        AtomicInteger renewals = new AtomicInteger();
        Leases slow = new Delegate(store) {
            @Override
            public Optional<Lease> acquire(String name, String holder, Duration timeToLive) {
                renewals.incrementAndGet();
                return super.acquire(name, holder, timeToLive);
            }
        };
        // As if every look at the clock were half of the lease later.
        Synchroniser synchroniser = synchroniser(
                slow, () -> nanos.addAndGet(TIME_TO_LIVE.dividedBy(2).toNanos()));

        synchroniser.step();

        assertThat(renewals).hasValueGreaterThanOrEqualTo(3);
        assertThat(store.<List<Node>>read(StateView::nodes))
                .allMatch(node -> node.synchronisedIn().isPresent());
    }

    @Test
    void stopsAtTheFirstBatchThatShowsItsLeaseLost() {
        AtomicInteger asked = new AtomicInteger();
        Leases lost = new Delegate(store) {
            @Override
            public Optional<Lease> acquire(String name, String holder, Duration timeToLive) {
                asked.incrementAndGet();
                return Optional.of(new Lease(name, holder, 99, StoreFixtures.SOME_TIME));
            }
        };

        synchroniser(lost, nanos::get).step();

        assertThat(asked).hasValue(1);
        assertThat(store.<List<Node>>read(StateView::nodes))
                .allMatch(node -> node.synchronisedIn().isEmpty());
    }

    private Synchroniser synchroniser(Leases leases) {
        return synchroniser(leases, nanos::get);
    }

    private Synchroniser synchroniser(Leases leases, LongSupplier nanoClock) {
        HeldLease lease = new HeldLease(leases, "synchronisation", "test", TIME_TO_LIVE, nanoClock);
        return new Synchroniser(
                replica,
                lease,
                hooks,
                new SynchronisationMark(store),
                Thread.ofVirtual().factory(),
                nanos::get);
    }

    private static class Delegate implements Leases {

        private final Leases leases;

        Delegate(Leases leases) {
            this.leases = leases;
        }

        @Override
        public Optional<Lease> acquire(String name, String holder, Duration timeToLive) {
            return leases.acquire(name, holder, timeToLive);
        }

        @Override
        public void release(Lease lease) {
            leases.release(lease);
        }
    }
}
