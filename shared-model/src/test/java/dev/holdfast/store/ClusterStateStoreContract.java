package dev.holdfast.store;

import static dev.holdfast.store.StoreFixtures.SOME_TIME;
import static dev.holdfast.store.StoreFixtures.cluster;
import static dev.holdfast.store.StoreFixtures.entry;
import static dev.holdfast.store.StoreFixtures.healthy;
import static dev.holdfast.store.StoreFixtures.node;
import static dev.holdfast.store.StoreFixtures.operation;
import static dev.holdfast.store.StoreFixtures.opinion;
import static dev.holdfast.store.StoreFixtures.region;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.health.Opinion;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.JournalFilter;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.StaleVersionException;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Region;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every cluster-state store promises. */
abstract class ClusterStateStoreContract extends ClusterPrimaryContract {

    @Test
    void revisionsAreTotalGaplessAndOrderedUnderConcurrentWriters() throws Exception {
        Revision start = revision();
        int changesEach = 25;

        List<List<Revision>> recorded = inParallel(
                WRITERS,
                writer -> IntStream.range(0, changesEach)
                        .mapToObj(i -> store.change(change -> {
                            Revision first = change.record(entry(EventType.CLUSTER_DECLARED));
                            assertThat(change.revision()).isEqualTo(first);
                            return change.record(entry(EventType.CLUSTER_DELETED));
                        }))
                        .toList());

        int total = WRITERS * changesEach * 2;
        assertThat(revision()).isEqualTo(new Revision(start.value() + total));
        assertThat(recorded.stream().flatMap(List::stream).map(Revision::value))
                .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, total / 2)
                        .mapToObj(i -> start.value() + 2 * i)
                        .toList());
        assertThat(recorded).allSatisfy(ofOne -> assertThat(ofOne).isSorted());
        List<JournalEvent> events = eventsAfter(start);
        assertThat(events)
                .extracting(event -> event.revision().value())
                .containsExactlyElementsOf(LongStream.rangeClosed(start.value() + 1, start.value() + total)
                        .boxed()
                        .toList());
        assertThat(events).extracting(JournalEvent::at).isSorted();
    }

    @Test
    void aFailedChangeChangesNothingAndLeavesNoGap() {
        Revision start = revision();

        assertThatThrownBy(() -> change(change -> {
                    change.record(entry(EventType.REGION_DECLARED));
                    change.put(region("north", "a"));
                    throw new IllegalArgumentException("on purpose");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("on purpose");

        assertThat(list(view -> view.regions())).isEmpty();
        assertThat(revision()).isEqualTo(start);
        assertThat(record(EventType.REGION_DECLARED)).isEqualTo(start.next());
    }

    @Test
    void theChangeFeedSeesEveryRevision() throws Exception {
        Revision start = revision();
        int changes = 100;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<JournalEvent>> followed = threads.submit(() -> {
                List<JournalEvent> seen = new ArrayList<>();
                Revision held = start;
                while (held.value() < start.value() + changes) {
                    Revision newest = store.awaitChangeAfter(held, Duration.ofSeconds(30));
                    assertThat(newest).isGreaterThan(held);
                    seen.addAll(eventsAfter(held));
                    held = seen.getLast().revision();
                }
                return seen;
            });
            for (int i = 0; i < changes; i++) {
                record(EventType.CLUSTER_DECLARED);
            }
            assertThat(followed.get(30, TimeUnit.SECONDS))
                    .extracting(event -> event.revision().value())
                    .containsExactlyElementsOf(LongStream.rangeClosed(start.value() + 1, start.value() + changes)
                            .boxed()
                            .toList());
        }
    }

    @Test
    void awaitingEndsInTimeWhenNothingChanges() throws Exception {
        Revision held = record(EventType.CLUSTER_DECLARED);
        // The first call also waits for the contact, which a feed makes when it is first asked.
        assertThat(store.awaitChangeAfter(new Revision(held.value() - 1), Duration.ofSeconds(30)))
                .isEqualTo(held);

        assertThat(store.awaitChangeAfter(held, Duration.ofMillis(20))).isEqualTo(held);
    }

    @Test
    void oneOfManyWritersWithTheSameVersionWins() throws Exception {
        Region stored = putRegion("north", "a");

        List<Boolean> won = inParallel(WRITERS, writer -> {
            try {
                store.change(change -> {
                    change.record(entry(EventType.REGION_DECLARED));
                    return change.put(stored);
                });
                return true;
            } catch (StaleVersionException e) {
                return false;
            }
        });

        assertThat(won).containsOnlyOnce(true);
        assertThat(revision()).isEqualTo(stored.version().next());
    }

    @Test
    void aPutOfAnotherVersionThanTheStoredOneIsStale() {
        Region stored = putRegion("north", "a");

        for (Revision wrong : List.of(
                Revision.NONE,
                stored.version().next(),
                new Revision(stored.version().value() + 100))) {
            assertThatThrownBy(() -> change(change -> {
                        change.record(entry(EventType.REGION_DECLARED));
                        change.put(stored.withVersion(wrong));
                    }))
                    .isInstanceOf(StaleVersionException.class)
                    .hasMessageContaining("north");
        }
        assertThatThrownBy(() -> change(change -> {
                    change.record(entry(EventType.REGION_DECLARED));
                    change.put(region("south", "a").withVersion(stored.version()));
                }))
                .isInstanceOf(StaleVersionException.class);
        assertThat(list(view -> view.regions())).containsExactly(stored);
    }

    @Test
    void aStalePutThatIsCaughtLeavesTheRestOfTheChange() {
        Region stored = putRegion("north", "a");

        change(change -> {
            change.record(entry(EventType.REGION_DECLARED));
            assertThatThrownBy(() -> change.put(region("north", "b"))).isInstanceOf(StaleVersionException.class);
            change.put(region("south", "a"));
        });

        assertThat(list(view -> view.regions()))
                .extracting(region -> region.id().value())
                .containsExactly("north", "south");
        assertThat(find(view -> view.region(stored.id()))).contains(stored);
    }

    @Test
    void nothingIsPutOrDeletedBeforeAnEventIsRecorded() {
        putTopology();
        List<Consumer<StateChange>> unexplained = List.of(
                change -> change.put(region("south", "a")),
                change -> change.put(cluster("cart")),
                change -> change.put(node("node-9", "shop", "north", "a")),
                change -> change.put(healthy("node-2")),
                change -> change.put(operation(1, "shop")),
                change -> change.delete(new RegionId("south")),
                change -> change.delete(SHOP),
                change -> change.putNodes(List.of(node("node-9", "shop", "north", "a"))),
                change -> change.deleteNodes(List.of(NODE_1)),
                change -> change.delete(NODE_1));

        assertThat(unexplained)
                .allSatisfy(work -> assertThatThrownBy(() -> change(work))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("record"));
    }

    @Test
    void theJournalIsInTheTransactionOfTheChange() {
        Revision start = revision();

        JournalEvent event = store.change(change -> {
            change.record(entry(EventType.REGION_DECLARED)
                    .about(new RegionId("north"))
                    .about(SHOP, NODE_1)
                    .with(Map.of(
                            "text",
                            "why \"so\"?",
                            "number",
                            3,
                            "real",
                            0.5,
                            "yes",
                            true,
                            "list",
                            List.of("a", 1),
                            "map",
                            Map.of("k", "v"))));
            return change.eventsAfter(start, 10).orElseThrow().getFirst();
        });

        assertThat(event.revision()).isEqualTo(start.next());
        assertThat(event.entry().evidence()).containsEntry("real", 0.5).containsEntry("list", List.of("a", 1));
        assertThat(eventsAfter(start)).containsExactly(event);
        assertThat(event.entry().region()).contains(new RegionId("north"));
        assertThat(event.entry().node()).contains(NODE_1);
        assertThat(event.traceId()).isEmpty();
    }

    @Test
    void aChangeSeesItsOwnWritesAndKeepsThemToItself() {
        change(change -> {
            Revision recorded = change.record(entry(EventType.REGION_DECLARED));
            Region region = change.put(region("north", "a", "b"));
            assertThat(region.version()).isEqualTo(recorded);
            assertThat(change.region(region.id())).contains(region);
            Region again = change.put(new Region(
                    region.id(), "renamed", List.of(new ZoneId("b"), new ZoneId("c")), Map.of(), region.version()));
            assertThat(change.regions()).containsExactly(again);
            change.delete(region.id());
            assertThat(change.regions()).isEmpty();
            change.put(region("north", "z"));
        });

        assertThat(list(view -> view.regions()).getFirst().zones()).containsExactly(new ZoneId("z"));
    }

    @Test
    void whatIsPutIsReadAgain() {
        putTopology();
        Instant since = SOME_TIME.plusNanos(1_999);
        NodeHealth unknown = store.change(change -> {
            change.record(entry(EventType.NODE_HEALTH_BECAME_UNKNOWN));
            NodeHealth judged = change.put(healthy("node-1"));
            return change.put(new NodeHealth(
                    judged.node(),
                    HealthStatus.UNKNOWN,
                    judged.decided(),
                    7,
                    since,
                    "1 of 3 observers is live",
                    judged.version()));
        });

        assertThat(unknown.since()).isEqualTo(SOME_TIME.plusNanos(1_000));
        assertThat(find(view -> view.health(NODE_1))).contains(unknown);
        assertThat(list(view -> view.healthOf(SHOP))).containsExactly(unknown);
        assertThat(list(view -> view.health())).containsExactly(unknown);
        assertThat(find(view -> view.cluster(SHOP)).orElseThrow().settings())
                .isEqualTo(cluster("shop").settings());
        Node node = find(view -> view.node(NODE_1)).orElseThrow();
        Node drained = store.change(change -> {
            change.record(entry(EventType.NODE_ADMIN_STATE_CHANGED));
            return change.put(node.withAdminState(AdminState.DRAINING).withSynchronisedIn(Optional.of(7L)));
        });
        assertThat(find(view -> view.node(NODE_1))).contains(drained);
        assertThat(drained.withVersion(Revision.NONE))
                .isEqualTo(node("node-1", "shop", "north", "a")
                        .withAdminState(AdminState.DRAINING)
                        .withSynchronisedIn(Optional.of(7L)));
        assertThat(list(view -> view.nodesOf(new ClusterId("cart")))).isEmpty();
        assertThat(find(view -> view.cluster(new ClusterId("cart")))).isEmpty();
    }

    @Test
    void listsAreOrderedById() {
        change(change -> {
            change.record(entry(EventType.CLUSTER_DECLARED));
            change.put(region("north", "b", "a"));
            for (String id : List.of("ab", "a-b", "b", "a1", "a")) {
                change.put(cluster(id));
                change.put(node(id, id, "north", "a"));
            }
        });

        List<String> ordered = List.of("a", "a-b", "a1", "ab", "b");
        assertThat(list(view -> view.clusters()))
                .extracting(cluster -> cluster.id().value())
                .isEqualTo(ordered);
        assertThat(list(view -> view.nodes()))
                .extracting(node -> node.id().value())
                .isEqualTo(ordered);
        assertThat(list(view -> view.regions()).getFirst().zones()).containsExactly(new ZoneId("b"), new ZoneId("a"));
    }

    @Test
    void manyNodesArePutAndDeletedAtOnce() {
        putTopology();
        Node first = this.<Node>find(view -> view.node(NODE_1)).orElseThrow();
        Node third = node("node-3", "shop", "north", "b");

        List<Node> put = store.change(change -> {
            change.record(entry(EventType.CLUSTER_DECLARED));
            return change.putNodes(List.of(third, first.withSynchronisedIn(Optional.of(2L))));
        });

        assertThat(put).extracting(Node::version).containsOnly(revision());
        assertThat(put.getLast().synchronisedIn()).contains(2L);
        assertThat(list(view -> view.nodes(List.of(third.id(), NODE_1, new NodeId("no-such-node")))))
                .containsExactly(put.getLast(), put.getFirst());
        assertThat(list(view -> view.nodes(List.of()))).isEmpty();
        change(change -> {
            change.record(entry(EventType.CLUSTER_DECLARED));
            change.deleteNodes(List.of(NODE_1, third.id(), new NodeId("no-such-node")));
            change.deleteNodes(List.of());
            change.putNodes(List.of());
            assertThat(change.nodes()).extracting(Node::id).containsExactly(new NodeId("node-2"));
        });
        assertThat(list(view -> view.nodes())).extracting(Node::id).containsExactly(new NodeId("node-2"));
    }

    @Test
    void oneStaleNodeOfManyMakesTheWholePutStale() {
        putTopology();
        List<Node> nodes = list(view -> view.nodes());
        List<Node> stale = List.of(nodes.getFirst(), nodes.getLast().withVersion(Revision.NONE));

        assertThatThrownBy(() -> change(change -> {
                    change.record(entry(EventType.CLUSTER_DECLARED));
                    change.putNodes(stale);
                }))
                .isInstanceOf(StaleVersionException.class)
                .hasMessageContaining("node-2");
        assertThat(list(view -> view.nodes())).isEqualTo(nodes);
    }

    @Test
    void aBrokenReferenceIsRefused() {
        putTopology();
        observers.heartbeat(new ObserverId("eye-1"), "here", 3);
        Region north = find(view -> view.region(new RegionId("north"))).orElseThrow();
        List<Consumer<StateChange>> broken = List.of(
                change -> change.put(node("node-9", "cart", "north", "a")),
                change -> change.put(node("node-9", "shop", "south", "a")),
                change -> change.put(node("node-9", "shop", "north", "z")),
                change -> change.put(healthy("node-9")),
                change -> change.put(opinion("eye-1", "node-9", Opinion.UP)),
                change -> change.put(opinion("eye-9", "node-1", Opinion.UP)),
                change -> change.markIsolated(new ObserverId("eye-9"), true),
                change -> change.delete(new RegionId("north")),
                change -> change.put(new Region(
                        north.id(), north.displayName(), List.of(new ZoneId("b")), north.labels(), north.version())));
        Revision start = revision();

        assertThat(broken)
                .allSatisfy(work -> assertThatThrownBy(() -> change(change -> {
                            change.record(entry(EventType.NODE_DECLARED));
                            work.accept(change);
                        }))
                        .isInstanceOf(IllegalStateException.class));
        assertThat(revision()).isEqualTo(start);
    }

    @Test
    void aCallFromInsideAnotherIsRefused() {
        assertThatThrownBy(() -> change(change -> record(EventType.REGION_DECLARED)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> change(change -> revision())).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.read(view -> record(EventType.REGION_DECLARED)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> change(change -> leases.acquire("work", "me", LONG)))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void deletingAClusterDeletesItsNodesTheirHealthAndOpinions() {
        putTopology();
        observers.heartbeat(new ObserverId("eye-1"), "here", 3);
        change(change -> {
            change.record(entry(EventType.NODE_BECAME_HEALTHY));
            change.put(healthy("node-1"));
            change.put(opinion("eye-1", "node-1", Opinion.UP));
        });

        change(change -> {
            change.record(entry(EventType.CLUSTER_DELETED));
            change.delete(SHOP);
            assertThat(change.nodes()).isEmpty();
            assertThat(change.node(NODE_1)).isEmpty();
        });

        assertThat(list(view -> view.clusters())).isEmpty();
        assertThat(list(view -> view.nodes())).isEmpty();
        assertThat(list(view -> view.health())).isEmpty();
        assertThat(list(view -> view.opinions())).isEmpty();
        change(change -> {
            change.record(entry(EventType.REGION_DELETED));
            change.delete(new RegionId("north"));
            change.delete(new RegionId("never-was"));
            change.delete(NODE_1);
        });
        assertThat(list(view -> view.regions())).isEmpty();
    }

    @Test
    void eventsAfterARevisionComeOldestFirstAndLimited() {
        Revision start = revision();
        for (int i = 0; i < 5; i++) {
            record(EventType.CLUSTER_DECLARED);
        }

        assertThat(find(view -> view.eventsAfter(start, 3)).orElseThrow())
                .extracting(event -> event.revision().value() - start.value())
                .containsExactly(1L, 2L, 3L);
        assertThat(find(view -> view.eventsAfter(view.revision(), 3))).contains(List.of());
        assertThat(find(view -> view.eventsAfter(view.revision().next(), 3))).isEmpty();
    }

    @Test
    void theJournalFiltersAndPages() {
        RegionId north = new RegionId("north");
        change(change -> {
            change.record(entry(EventType.REGION_DECLARED).about(north));
            change.record(entry(EventType.CLUSTER_DECLARED).about(SHOP));
            change.record(entry(EventType.NODE_DECLARED).about(SHOP, NODE_1));
        });
        pass(LONG);
        Revision later = record(EventType.OBSERVER_LOST);
        JournalFilter all = JournalFilter.ALL;
        Optional<Revision> end = Optional.of(later.next());
        Instant at = list(view -> view.journal(all, end, 1)).getFirst().at();

        assertThat(types(filter(Set.of(EventType.NODE_DECLARED), null, null, null, null)))
                .startsWith(EventType.NODE_DECLARED);
        assertThat(types(filter(Set.of(), north, null, null, null)).getFirst()).isEqualTo(EventType.REGION_DECLARED);
        assertThat(types(filter(Set.of(), null, SHOP, null, null)).subList(0, 2))
                .containsExactly(EventType.NODE_DECLARED, EventType.CLUSTER_DECLARED);
        assertThat(types(filter(Set.of(), null, SHOP, NODE_1, "tester")).getFirst())
                .isEqualTo(EventType.NODE_DECLARED);
        assertThat(types(filter(Set.of(), null, null, null, "nobody"))).isEmpty();
        assertThat(list(view -> view.journal(between(at, at.plusNanos(1_000)), end, 10)))
                .extracting(JournalEvent::revision)
                .containsExactly(later);
        assertThat(list(view -> view.journal(between(at.minusSeconds(1), at), end, 10)))
                .isEmpty();

        List<JournalEvent> page = list(view -> view.journal(all, Optional.empty(), 2));
        assertThat(page)
                .extracting(event -> event.revision().value())
                .containsExactly(later.value(), later.value() - 1);
        assertThat(list(view -> view.journal(all, Optional.of(page.getLast().revision()), 1)))
                .extracting(event -> event.revision().value())
                .containsExactly(later.value() - 2);
    }

    private List<EventType> types(JournalFilter filter) {
        return list(view -> view.journal(filter, Optional.empty(), 10)).stream()
                .map(event -> event.entry().type())
                .toList();
    }

    private static JournalFilter filter(
            Set<EventType> types,
            @Nullable RegionId region,
            @Nullable ClusterId cluster,
            @Nullable NodeId node,
            @Nullable String actor) {
        return new JournalFilter(
                types,
                Optional.ofNullable(region),
                Optional.ofNullable(cluster),
                Optional.ofNullable(node),
                Optional.ofNullable(actor),
                Optional.empty(),
                Optional.empty());
    }

    private static JournalFilter between(Instant from, Instant to) {
        return new JournalFilter(
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(from),
                Optional.of(to));
    }

    @Test
    void aRehearsalDoesAllAndCommitsNothing() {
        putTopology();
        Revision start = revision();

        Cluster rehearsed = store.rehearse(change -> {
            change.record(entry(EventType.CLUSTER_DECLARED));
            Cluster stored = change.put(cluster("cart"));
            change.delete(SHOP);
            assertThat(change.clusters()).containsExactly(stored);
            change.advanceCursor("consumer", change.revision());
            return stored;
        });

        assertThat(rehearsed.version()).isEqualTo(start.next());
        assertThat(revision()).isEqualTo(start);
        assertThat(list(view -> view.clusters())).extracting(Cluster::id).containsExactly(SHOP);
        assertThat(cursor("consumer")).isEqualTo(Revision.NONE);
        assertThatThrownBy(() -> store.rehearse(change -> {
                    change.record(entry(EventType.REGION_DECLARED));
                    return change.put(region("north", "a"));
                }))
                .isInstanceOf(StaleVersionException.class);
    }
}
