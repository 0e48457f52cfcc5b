package dev.holdfast.gateway.tcp.route;

import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.replication.FailoverPolicy;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.replication.PostgresSettings;
import dev.holdfast.model.replication.PostgresSettings.Listeners;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.replication.Refusal;
import dev.holdfast.model.replication.Reign;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.store.ClusterState;
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
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.Retries;
import dev.holdfast.model.topology.ZoneId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A cluster of PostgreSQL nodes that a test changes step by step. */
public final class PostgresCluster {

    public static final RegionId REGION = new RegionId("here");

    private final ClusterId id;
    private final Map<NodeId, Node> nodes = new TreeMap<>();
    private final Map<NodeId, NodeHealth> health = new HashMap<>();
    private Listeners listeners = Listeners.NONE;
    private Optional<PrimaryRecord> record = Optional.empty();

    public PostgresCluster(String id) {
        this.id = new ClusterId(id);
    }

    public ClusterId id() {
        return id;
    }

    public static Listeners listeners(Optional<Integer> readWrite, Optional<Integer> readOnly) {
        return new Listeners(
                readWrite,
                readOnly,
                Listeners.NONE.holdTimeout(),
                Listeners.NONE.connectTimeout(),
                Listeners.NONE.idleTimeout(),
                Listeners.NONE.maxConnections(),
                Listeners.NONE.maximumLag());
    }

    public PostgresCluster listening(Listeners declared) {
        listeners = declared;
        return this;
    }

    public Listeners listeners() {
        return listeners;
    }

    public PostgresCluster readWrite(int port) {
        return listening(listeners(Optional.of(port), Optional.empty()));
    }

    public PostgresCluster readOnly(int port) {
        return listening(listeners(Optional.empty(), Optional.of(port)));
    }

    public PostgresCluster holding(Duration timeout) {
        return listening(new Listeners(
                listeners.readWrite(),
                listeners.readOnly(),
                timeout,
                listeners.connectTimeout(),
                listeners.idleTimeout(),
                listeners.maxConnections(),
                listeners.maximumLag()));
    }

    public PostgresCluster idle(Duration timeout) {
        return listening(new Listeners(
                listeners.readWrite(),
                listeners.readOnly(),
                listeners.holdTimeout(),
                listeners.connectTimeout(),
                timeout,
                listeners.maxConnections(),
                listeners.maximumLag()));
    }

    public PostgresCluster atMost(int connections) {
        return listening(new Listeners(
                listeners.readWrite(),
                listeners.readOnly(),
                listeners.holdTimeout(),
                listeners.connectTimeout(),
                listeners.idleTimeout(),
                connections,
                listeners.maximumLag()));
    }

    /** A healthy node. */
    public PostgresCluster node(String name, Endpoint address, Optional<Endpoint> agent) {
        return put(
                new Node(
                        new NodeId(name),
                        id,
                        REGION,
                        new ZoneId("a"),
                        address,
                        1,
                        new FailoverTraits(agent, FailoverTraits.DEFAULT_PRIORITY, false),
                        Map.of(),
                        AdminState.ENABLED,
                        Optional.of(0L),
                        Revision.NONE),
                true);
    }

    public PostgresCluster put(Node node, boolean healthy) {
        nodes.put(node.id(), node);
        HealthStatus status = healthy ? HealthStatus.HEALTHY : HealthStatus.UNHEALTHY;
        health.put(
                node.id(),
                new NodeHealth(node.id(), status, Optional.of(status), 0, Instant.EPOCH, "test", Revision.NONE));
        return this;
    }

    public PostgresCluster judge(String name, boolean healthy) {
        return put(nodeOf(name), healthy);
    }

    public PostgresCluster administer(String name, AdminState state) {
        nodes.put(new NodeId(name), nodeOf(name).withAdminState(state));
        return this;
    }

    public PostgresCluster remove(String name) {
        nodes.remove(new NodeId(name));
        health.remove(new NodeId(name));
        return this;
    }

    private Node nodeOf(String name) {
        return Optional.ofNullable(nodes.get(new NodeId(name))).orElseThrow();
    }

    /** The node is the confirmed primary of the epoch, and nothing runs. */
    public PostgresCluster primary(long epoch, String name) {
        return primary(record(new OrderNumber(epoch, 10 * epoch), name, FailoverPhase.STEADY, true, Set.of()));
    }

    public PostgresCluster primary(PrimaryRecord known) {
        record = Optional.of(known);
        return this;
    }

    public PostgresCluster withoutPrimary() {
        record = Optional.empty();
        return this;
    }

    public static PrimaryRecord record(
            OrderNumber number, String primary, FailoverPhase phase, boolean confirmed, Set<String> doubtful) {
        Optional<Refusal> blocked = phase == FailoverPhase.BLOCKED
                ? Optional.of(new Refusal(Refusal.Code.PAUSED, "test"))
                : Optional.empty();
        Reign reign = new Reign(
                new NodeId(primary),
                confirmed,
                List.of(),
                1,
                1,
                Synchronous.NONE,
                Synchronous.NONE,
                1,
                Optional.empty());
        return new PrimaryRecord(
                number,
                phase,
                Instant.EPOCH,
                reign,
                Optional.empty(),
                blocked,
                doubtful.stream().map(NodeId::new).collect(Collectors.toSet()),
                List.of(),
                Instant.EPOCH);
    }

    public static Optional<ClusterPrimary> stored(PrimaryRecord record) {
        return Optional.of(new ClusterPrimary(new ClusterId("orders"), record, Optional.empty(), Revision.NONE));
    }

    public Optional<ClusterPrimary> primary() {
        return record.map(known -> new ClusterPrimary(id, known, Optional.empty(), Revision.NONE));
    }

    public ClusterSettings settings() {
        return new ClusterSettings(
                Redundancy.ACTIVE_PASSIVE,
                List.of(),
                HealthCheck.DEFAULT,
                Balancing.DEFAULT,
                Retries.DEFAULT,
                Ejection.DEFAULT,
                ClusterSettings.DEFAULT_DRAIN_TIMEOUT,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new PostgresSettings(FailoverPolicy.DEFAULT, listeners)));
    }

    public List<Node> nodes() {
        return new ArrayList<>(nodes.values());
    }

    public List<NodeHealth> health() {
        return List.copyOf(health.values());
    }

    public ClusterState.Members members() {
        return ClusterState.Members.of(new Cluster(id, settings(), Revision.NONE), nodes(), health(), primary());
    }

    /** The state that holds these clusters alone. */
    public static ClusterState state(PostgresCluster... clusters) {
        Map<ClusterId, ClusterState.Members> members = new HashMap<>();
        for (PostgresCluster cluster : clusters) {
            members.put(cluster.id(), cluster.members());
        }
        return new ClusterState(new Revision(1), List.of(), members);
    }
}
