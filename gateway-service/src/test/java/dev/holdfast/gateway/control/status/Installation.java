package dev.holdfast.gateway.control.status;

import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.PostgresSettings;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Balancing;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.ClusterSettings;
import dev.holdfast.model.topology.Ejection;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.FailoverTraits;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Redundancy;
import dev.holdfast.model.topology.Region;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.Retries;
import dev.holdfast.model.topology.ZoneId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Region eu with zones a and b, and cluster shop with three nodes in it, all healthy. */
final class Installation {

    static final Instant HEALTHY_SINCE = Instant.parse("2026-01-01T10:00:00Z");

    private static final RegionId EU = new RegionId("eu");
    private static final ClusterId SHOP = new ClusterId("shop");
    private static final ClusterId ORDERS = new ClusterId("orders");

    private Installation() {}

    static void declare(ClusterStateStore store) {
        ClusterSettings settings = settings(Redundancy.ACTIVE_ACTIVE, Optional.empty());
        store.change(change -> {
            change.record(JournalEntry.of(EventType.REGION_DECLARED, "test", "declared")
                    .about(EU));
            change.put(new Region(EU, "Europe", List.of(new ZoneId("a"), new ZoneId("b")), Map.of(), Revision.NONE));
            change.record(JournalEntry.of(EventType.CLUSTER_DECLARED, "test", "declared")
                    .about(SHOP));
            change.put(new Cluster(SHOP, settings, Revision.NONE));
            for (int i = 1; i <= 3; i++) {
                change.put(node(i));
                change.put(new NodeHealth(
                        new NodeId("node-" + i),
                        HealthStatus.HEALTHY,
                        Optional.of(HealthStatus.HEALTHY),
                        0,
                        HEALTHY_SINCE,
                        "2 of 3 observers hold it up",
                        Revision.NONE));
            }
            return true;
        });
    }

    /** Declares the cluster orders with its primary pg-1 and its standby pg-2, in the same region. */
    static void declareOrders(ClusterStateStore store) {
        NodeId primary = new NodeId("pg-1");
        NodeId standby = new NodeId("pg-2");
        store.change(change -> {
            change.record(JournalEntry.of(EventType.CLUSTER_DECLARED, "test", "declared")
                    .about(ORDERS));
            change.put(new Cluster(
                    ORDERS, settings(Redundancy.ACTIVE_PASSIVE, Optional.of(PostgresSettings.DEFAULT)), Revision.NONE));
            change.put(node(ORDERS, primary, new Endpoint("10.0.1.1", 5432)));
            change.put(node(ORDERS, standby, new Endpoint("10.0.1.2", 5432)));
            change.put(new ClusterPrimary(
                    ORDERS,
                    PrimaryRecord.initial(primary, 1, new Synchronous(1, Set.of(standby)), HEALTHY_SINCE),
                    Optional.empty(),
                    Revision.NONE));
            return true;
        });
    }

    private static ClusterSettings settings(Redundancy redundancy, Optional<PostgresSettings> postgresql) {
        return new ClusterSettings(
                redundancy,
                List.of(),
                HealthCheck.DEFAULT,
                Balancing.DEFAULT,
                Retries.DEFAULT,
                Ejection.DEFAULT,
                ClusterSettings.DEFAULT_DRAIN_TIMEOUT,
                Optional.empty(),
                Optional.empty(),
                postgresql);
    }

    static void setAdminState(ClusterStateStore store, String node, AdminState state) {
        NodeId id = new NodeId(node);
        store.change(change -> {
            change.record(JournalEntry.of(EventType.NODE_ADMIN_STATE_CHANGED, "test", "changed")
                    .about(SHOP, id));
            return change.put(change.node(id).orElseThrow().withAdminState(state));
        });
    }

    private static Node node(int number) {
        return node(SHOP, new NodeId("node-" + number), new Endpoint("10.0.0." + number, 8080));
    }

    /** The first node of a cluster stands in zone a, the others in zone b. */
    private static Node node(ClusterId cluster, NodeId id, Endpoint address) {
        return new Node(
                id,
                cluster,
                EU,
                new ZoneId(id.value().endsWith("-1") ? "a" : "b"),
                address,
                1,
                FailoverTraits.DEFAULT,
                Map.of(),
                AdminState.ENABLED,
                Optional.of(0L),
                Revision.NONE);
    }
}
