package dev.holdfast.model.store;

import static dev.holdfast.store.StoreFixtures.cluster;
import static dev.holdfast.store.StoreFixtures.entry;
import static dev.holdfast.store.StoreFixtures.healthy;
import static dev.holdfast.store.StoreFixtures.node;
import static dev.holdfast.store.StoreFixtures.region;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.store.StoreFixtures;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClusterStateReplicaTest {

    private static final ClusterId SHOP = new ClusterId("shop");

    private static final ClusterId CART = new ClusterId("cart");

    private volatile Instant now = StoreFixtures.SOME_TIME;
    private final InMemoryClusterStateStore twin = new InMemoryClusterStateStore(() -> now);
    private final WatchedStore watched = new WatchedStore(twin);
    private final ClusterStateReplica replica = new ClusterStateReplica(
            watched, ClusterState.EMPTY, Thread.ofVirtual().factory());

    @AfterEach
    void close() {
        replica.close();
    }

    @Test
    void beginsWithTheGivenStateAndReadsAllOfTheStore() {
        declare("shop", "node-1");
        ClusterState kept = new ClusterState(new Revision(99), List.of(), java.util.Map.of());
        try (ClusterStateReplica restarted =
                new ClusterStateReplica(twin, kept, Thread.ofVirtual().factory())) {
            assertThat(restarted.state()).isSameAs(kept);
            assertThat(restarted.inContact()).isFalse();

            restarted.start();

            await().until(() -> restarted.state().equals(twin.read(ClusterStateReplica::readAll)));
            await().until(restarted::inContact);
        }
    }

    @Test
    void followsEveryKindOfChange() {
        replica.start();
        declare("shop", "node-1", "node-2");
        awaitSame();

        change(change -> {
            change.record(entry(EventType.NODE_BECAME_HEALTHY).about(SHOP, new NodeId("node-1")));
            change.put(healthy("node-1"));
        });
        awaitSame();
        assertThat(replica.state().clusters().get(SHOP))
                .satisfies(members ->
                        assertThat(members.healthOf(new NodeId("node-1"))).isPresent());

        change(change -> {
            change.record(entry(EventType.NODE_DELETED).about(SHOP, new NodeId("node-2")));
            change.delete(new NodeId("node-2"));
        });
        awaitSame();
        change(change -> {
            change.record(entry(EventType.CLUSTER_DELETED).about(SHOP));
            change.delete(SHOP);
        });
        awaitSame();
        assertThat(replica.state().clusters()).isEmpty();
        change(change -> {
            change.record(entry(EventType.REGION_DELETED).about(new RegionId("north")));
            change.delete(new RegionId("north"));
        });
        awaitSame();
        assertThat(replica.state().regions()).isEmpty();
    }

    @Test
    void readsOnlyWhatChanged() {
        declare("shop", "node-1");
        declare("cart", "node-2");
        replica.start();
        awaitSame();
        watched.asked.clear();

        change(change -> {
            change.record(entry(EventType.NODE_BECAME_HEALTHY).about(CART, new NodeId("node-2")));
            change.put(healthy("node-2"));
        });

        awaitSame();
        assertThat(watched.asked)
                .contains("cluster(cart)", "nodesOf(cart)", "healthOf(cart)")
                .noneMatch(asked -> asked.contains("shop") || asked.endsWith("s()") || asked.equals("health()"));
    }

    @Test
    void tellsListenersOfEveryNewerStateInOrderAndOutlivesOneThatFails() {
        List<Revision> told = new CopyOnWriteArrayList<>();
        replica.onChange(state -> {
            throw new IllegalStateException("on purpose");
        });
        replica.onChange(state -> told.add(state.revision()));
        replica.start();

        for (int i = 0; i < 20; i++) {
            declare("cluster-" + i, "node-" + i);
        }

        awaitSame();
        assertThat(told).isSorted().doesNotHaveDuplicates().endsWith(twin.<Revision>read(view -> view.revision()));
    }

    @Test
    void keepsItsStateWhileTheStoreIsAwayAndCatchesUpAfterwards() {
        declare("shop", "node-1");
        replica.start();
        awaitSame();
        ClusterState held = replica.state();

        twin.goAway();
        await().until(() -> !replica.inContact());
        assertThat(replica.state()).isSameAs(held);

        twin.comeBack();
        declare("cart", "node-2");
        await().until(replica::inContact);
        awaitSame();
    }

    @Test
    void readsAllWhenItHasFallenBehindTheRetentionOfTheJournal() {
        declare("shop", "node-1");
        replica.start();
        awaitSame();
        watched.hold(() -> {
            declare("cart", "node-2");
            now = now.plus(Duration.ofHours(2));
            declare("till", "node-3");
            twin.prune(Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1));
            watched.asked.clear();
        });

        awaitSame();

        assertThat(replica.state().clusters()).hasSize(3);
        assertThat(watched.asked).contains("clusters()", "nodes()", "health()");
    }

    @Test
    void readsAllWhenAStandbyThatLostWhatItHoldsTookOverWithinOneWait() {
        declare("shop", "node-1");
        declare("cart", "node-2");
        replica.start();
        awaitSame();
        InMemoryClusterStateStore standby = new InMemoryClusterStateStore(() -> now);
        declareIn(standby, "shop", "node-1");
        declareIn(standby, "till", "node-3");
        declareIn(standby, "desk", "node-4");

        watched.moveTo(standby);

        ClusterState stored = standby.read(ClusterStateReplica::readAll);
        assertThat(stored.revision()).isGreaterThan(replica.state().revision());
        await().untilAsserted(() -> assertThat(replica.state()).isEqualTo(stored));
    }

    @Test
    void closesWhileTheStoreIsAway() {
        replica.start();
        twin.goAway();

        replica.close();

        assertThat(replica.state()).isEqualTo(ClusterState.EMPTY);
    }

    private void awaitSame() {
        ClusterState stored = twin.read(ClusterStateReplica::readAll);
        await().untilAsserted(() -> assertThat(replica.state()).isEqualTo(stored));
    }

    private void declare(String cluster, String... nodes) {
        declareIn(twin, cluster, nodes);
    }

    private static void declareIn(ClusterStateStore store, String cluster, String... nodes) {
        store.change(change -> {
            if (change.regions().isEmpty()) {
                change.record(entry(EventType.REGION_DECLARED).about(new RegionId("north")));
                change.put(region("north", "a"));
            }
            change.record(entry(EventType.CLUSTER_DECLARED).about(new ClusterId(cluster)));
            change.put(cluster(cluster));
            for (String node : nodes) {
                change.put(node(node, cluster, "north", "a"));
            }
            return true;
        });
    }

    private void change(Consumer<StateChange> work) {
        twin.change(change -> {
            work.accept(change);
            return true;
        });
    }

    /** Notes what its views are asked, and can keep readers out for a while. */
    private static final class WatchedStore implements ClusterStateStore {

        private volatile ClusterStateStore store;
        private volatile long moves;
        private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();

        WatchedStore(ClusterStateStore store) {
            this.store = store;
        }

        /** From now on {@code other} answers, without any call failing. */
        synchronized void moveTo(ClusterStateStore other) {
            store = other;
            moves++;
        }

        synchronized void hold(Runnable meanwhile) {
            meanwhile.run();
        }

        @Override
        public synchronized <T> T read(Function<? super StateView, ? extends T> query) {
            return store.read(view -> query.apply(watched(view)));
        }

        private StateView watched(StateView view) {
            return (StateView) Proxy.newProxyInstance(
                    StateView.class.getClassLoader(), new Class<?>[] {StateView.class}, (proxy, method, arguments) -> {
                        Object[] given = arguments == null ? new Object[0] : arguments;
                        asked.add(method.getName() + "(" + (given.length == 1 ? given[0] : "") + ")");
                        try {
                            return method.invoke(view, given);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        @Override
        public <T> T change(Function<? super StateChange, ? extends T> work) {
            return store.change(work);
        }

        @Override
        public <T> T rehearse(Function<? super StateChange, ? extends T> work) {
            return store.rehearse(work);
        }

        @Override
        public Revision awaitChangeAfter(Revision held, Duration atMost) throws InterruptedException {
            return store.awaitChangeAfter(held, atMost);
        }

        @Override
        public long contacts() {
            return store.contacts() + moves;
        }
    }
}
