package dev.holdfast.failover.primary;

import dev.holdfast.failover.agent.AgentCalls;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.JournalFilter;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.replication.FailoverPolicy;
import dev.holdfast.model.replication.PostgresSettings;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.ClusterSettings;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.FailoverTraits;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Redundancy;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import dev.holdfast.store.StoreFixtures;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** Clusters of three nodes each, a to c, over the store's twin; their agents are pretended. */
final class PretendedClusters {

    private static final FailoverPolicy POLICY = new FailoverPolicy(
            FailoverPolicy.Durability.QUORUM,
            1,
            FailoverPolicy.OnCrash.FAIL_OVER,
            0L,
            new FailoverPolicy.Timing(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(100)),
            FailoverPolicy.Flapping.DEFAULT);

    private volatile Duration ahead = Duration.ZERO;
    final InMemoryClusterStateStore store = new InMemoryClusterStateStore(this::now);
    private final Map<NodeId, PretendedAgent> agents = new ConcurrentHashMap<>();
    final AgentCalls calls = address -> agent(new NodeId(address.host()));

    /** The store's clock: that of this machine, and what has been skipped. */
    Instant now() {
        return InstantSource.system().instant().plus(ahead);
    }

    /** Lets the store's clock jump. */
    void skip(Duration time) {
        ahead = ahead.plus(time);
    }

    /** Declares a cluster whose nodes are empty and healthy. */
    ClusterId declare(String name) {
        ClusterId cluster = new ClusterId(name);
        List<NodeId> nodes = nodes(cluster);
        Map<NodeId, PretendedAgent> peers = new HashMap<>();
        nodes.forEach(node -> peers.put(node, new PretendedAgent(cluster, node, peers)));
        agents.putAll(peers);
        declare(
                cluster,
                Redundancy.ACTIVE_PASSIVE,
                Optional.of(new PostgresSettings(POLICY, PostgresSettings.Listeners.NONE)));
        store.change(change -> {
            change.record(StoreFixtures.entry(EventType.NODE_DECLARED).about(cluster));
            nodes.forEach(node -> change.put(node(cluster, node)));
            return change.revision();
        });
        nodes.forEach(node -> verdict(cluster, node, HealthStatus.HEALTHY));
        return cluster;
    }

    void setAdminState(NodeId node, AdminState state) {
        store.change(change -> {
            change.record(StoreFixtures.entry(EventType.NODE_ADMIN_STATE_CHANGED)
                    .about(change.node(node).orElseThrow().cluster(), node));
            return change.put(change.node(node).orElseThrow().withAdminState(state));
        });
    }

    void delete(ClusterId cluster) {
        store.change(change -> {
            change.record(StoreFixtures.entry(EventType.CLUSTER_DELETED).about(cluster));
            change.delete(cluster);
            return change.revision();
        });
    }

    /** Declares a cluster without nodes and without a primary. */
    ClusterId declareActiveActive(String name) {
        ClusterId cluster = new ClusterId(name);
        declare(cluster, Redundancy.ACTIVE_ACTIVE, Optional.empty());
        return cluster;
    }

    private void declare(ClusterId cluster, Redundancy redundancy, Optional<PostgresSettings> postgresql) {
        ClusterSettings plain = StoreFixtures.cluster(cluster.value()).settings();
        store.change(change -> {
            change.record(StoreFixtures.entry(EventType.CLUSTER_DECLARED).about(cluster));
            if (change.region(new RegionId("eu")).isEmpty()) {
                change.put(StoreFixtures.region("eu", "a"));
            }
            return change.put(new Cluster(
                    cluster,
                    new ClusterSettings(
                            redundancy,
                            List.of(),
                            plain.check(),
                            plain.balancing(),
                            plain.retries(),
                            plain.ejection(),
                            plain.drainTimeout(),
                            Optional.empty(),
                            Optional.empty(),
                            postgresql),
                    Revision.NONE));
        });
    }

    static List<NodeId> nodes(ClusterId cluster) {
        return List.of(node(cluster, "a"), node(cluster, "b"), node(cluster, "c"));
    }

    static NodeId node(ClusterId cluster, String letter) {
        return new NodeId(cluster + "-" + letter);
    }

    private static Node node(ClusterId cluster, NodeId id) {
        return new Node(
                id,
                cluster,
                new RegionId("eu"),
                new ZoneId("a"),
                new Endpoint(id.value(), 5432),
                1,
                new FailoverTraits(Optional.of(new Endpoint(id.value(), 8008)), 100, false),
                Map.of(),
                AdminState.ENABLED,
                Optional.of(0L),
                Revision.NONE);
    }

    PretendedAgent agent(NodeId node) {
        return Objects.requireNonNull(agents.get(node));
    }

    PretendedAgent agent(ClusterId cluster, String letter) {
        return agent(node(cluster, letter));
    }

    void verdict(ClusterId cluster, NodeId node, HealthStatus status) {
        store.change(change -> {
            change.record(StoreFixtures.entry(EventType.NODE_BECAME_HEALTHY).about(cluster, node));
            return change.put(new NodeHealth(
                    node,
                    status,
                    Optional.of(status),
                    0,
                    change.now(),
                    "test",
                    change.health(node).map(NodeHealth::version).orElse(Revision.NONE)));
        });
    }

    Optional<ClusterPrimary> known(ClusterId cluster) {
        return store.read(view -> view.primary(cluster));
    }

    ClusterPrimary primary(ClusterId cluster) {
        return known(cluster).orElseThrow();
    }

    FailoverPhase phase(ClusterId cluster) {
        return primary(cluster).record().phase();
    }

    long epoch(ClusterId cluster) {
        return primary(cluster).record().number().epoch();
    }

    /** Whether nothing runs, and both standbys count. */
    boolean isWhole(ClusterId cluster) {
        return known(cluster)
                .filter(primary -> primary.record().phase() == FailoverPhase.STEADY
                        && primary.record().reign().claimed().standbys().size() == 2)
                .isPresent();
    }

    /** The events about the cluster, oldest first. */
    List<JournalEvent> events(ClusterId cluster) {
        JournalFilter all = JournalFilter.ALL;
        JournalFilter filter = new JournalFilter(
                all.types(), all.region(), Optional.of(cluster), all.node(), all.actor(), all.from(), all.to());
        return store.<List<JournalEvent>>read(view -> view.journal(filter, Optional.empty(), 10_000))
                .reversed();
    }

    List<EventType> types(ClusterId cluster) {
        return events(cluster).stream().map(event -> event.entry().type()).toList();
    }

    void await(ClusterId cluster, BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("did not come about: " + known(cluster) + " after " + types(cluster));
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
