package dev.holdfast.store.postgres;

import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.health.NodeOpinion;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.PauseEverywhere;
import dev.holdfast.model.store.Lease;
import dev.holdfast.model.store.LeaseLostException;
import dev.holdfast.model.store.RememberedAnswer;
import dev.holdfast.model.store.StaleVersionException;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.store.StoreUnavailableException;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Region;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import java.sql.ResultSet;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.MDC;

/**
 * A change, made under the lock of the revision counter. That lock makes comparing a version and then writing the row a
 * compare-and-set.
 */
final class PostgresChange extends PostgresView implements StateChange {

    /** Where Micrometer's tracing keeps the current trace for the logs. */
    private static final String TRACE_ID = "traceId";

    /** How long a change may hold the lock; shorter than those behind it wait ({@link StoreTransactions}). */
    private static final Duration MAX_DURATION = Duration.ofSeconds(3);

    private final StoreRows rows;
    private final LongSupplier nanoClock;
    private final long lockedAt;
    private final Revision before;
    private Revision newest;

    PostgresChange(StoreRows rows, Duration observerTtl, Counter locked, LongSupplier nanoClock) {
        super(rows, observerTtl, locked);
        this.rows = rows;
        this.nanoClock = nanoClock;
        this.lockedAt = nanoClock.getAsLong();
        this.before = locked.revision();
        this.newest = locked.revision();
    }

    /** Moves the counter to the revisions recorded and tells those that listen, both at commit. */
    void finish() {
        requireInTime();
        if (newest.isAfter(before)) {
            rows.jdbc()
                    .sql("""
                            WITH moved AS (UPDATE revision_counter SET value = :newest RETURNING value)
                            SELECT pg_notify(:channel, value::text) FROM moved""")
                    .param("newest", newest.value())
                    .param("channel", ChangeFeed.CHANNEL)
                    .query((row, number) -> newest)
                    .single();
        }
    }

    @Override
    public Revision revision() {
        return newest;
    }

    @Override
    public Revision record(JournalEntry entry) {
        newest = newest.next();
        Optional<String> traceId = Optional.ofNullable(MDC.get(TRACE_ID));
        write(false, new JournalRow(new JournalEvent(newest, now(), traceId, entry)));
        return newest;
    }

    @Override
    public Region put(Region region) {
        Optional<Region> stored = region(region.id());
        requireVersion("region " + region.id(), stored.map(Region::version), region.version());
        Region next = region.withVersion(newest);
        write(stored.isPresent(), new RegionRow(next));
        List<ZoneId> storedZones = stored.map(Region::zones).orElse(List.of());
        storedZones.stream()
                .filter(zone -> !next.zones().contains(zone))
                .forEach(zone -> rows.jdbc()
                        .sql("DELETE FROM zone WHERE region_id = :region AND id = :zone")
                        .param("region", next.id().value())
                        .param("zone", zone.value())
                        .update());
        for (int position = 0; position < next.zones().size(); position++) {
            ZoneId zone = next.zones().get(position);
            write(storedZones.contains(zone), new ZoneRow(next.id(), zone, position));
        }
        return next;
    }

    @Override
    public void delete(RegionId region) {
        requireRecorded();
        delete("DELETE FROM region WHERE id = :id", region.value());
    }

    @Override
    public Cluster put(Cluster cluster) {
        Optional<Cluster> stored = cluster(cluster.id());
        requireVersion("cluster " + cluster.id(), stored.map(Cluster::version), cluster.version());
        ClusterRow row = new ClusterRow(cluster.withVersion(newest));
        write(stored.isPresent(), row);
        return row.toCluster();
    }

    @Override
    public void delete(ClusterId cluster) {
        requireRecorded();
        delete("DELETE FROM cluster WHERE id = :id", cluster.value());
    }

    @Override
    public Node put(Node node) {
        Optional<Node> stored = node(node.id());
        requireVersion("node " + node.id(), stored.map(Node::version), node.version());
        NodeRow row = new NodeRow(node.withVersion(newest));
        write(stored.isPresent(), row);
        return row.toNode();
    }

    @Override
    public List<Node> putNodes(Collection<Node> nodes) {
        Map<String, Revision> stored = versions(nodes.stream().map(Node::id).toList());
        List<NodeRow> next = new ArrayList<>();
        for (Node node : nodes) {
            requireVersion(
                    "node " + node.id(),
                    Optional.ofNullable(stored.get(node.id().value())),
                    node.version());
            next.add(new NodeRow(node.withVersion(newest)));
        }
        requireInTime();
        // One statement for all: row by row, the largest cluster would hold the lock for seconds.
        rows.jdbc()
                .sql("""
                        INSERT INTO node (id, cluster_id, region_id, zone_id, host, port, weight, failover, labels,
                            admin_state, synchronised_in, version)
                        SELECT id, cluster, region, zone, host, port, weight, failover, labels,
                            "adminState", "synchronisedIn", version
                        FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS given (id text, cluster text, region text,
                            zone text, host text, port integer, weight integer, failover jsonb, labels jsonb,
                            "adminState" text, "synchronisedIn" bigint, version bigint)
                        ON CONFLICT (id) DO UPDATE SET cluster_id = excluded.cluster_id,
                            region_id = excluded.region_id, zone_id = excluded.zone_id, host = excluded.host,
                            port = excluded.port, weight = excluded.weight, failover = excluded.failover,
                            labels = excluded.labels, admin_state = excluded.admin_state,
                            synchronised_in = excluded.synchronised_in, version = excluded.version""")
                .param(
                        "rows",
                        Documents.write(next.stream().map(NodeRow::columns).toList()))
                .update();
        rows.entities().clear();
        return next.stream().map(NodeRow::toNode).toList();
    }

    private Map<String, Revision> versions(List<NodeId> nodes) {
        Map<String, Revision> versions = new HashMap<>();
        rows.jdbc()
                .sql("SELECT id, version FROM node WHERE id = ANY(:ids)")
                .param("ids", values(nodes))
                .query((ResultSet row) -> {
                    versions.put(row.getString("id"), new Revision(row.getLong("version")));
                });
        return versions;
    }

    @Override
    public void delete(NodeId node) {
        requireRecorded();
        delete("DELETE FROM node WHERE id = :id", node.value());
    }

    @Override
    public void deleteNodes(Collection<NodeId> nodes) {
        requireRecorded();
        requireInTime();
        if (!nodes.isEmpty()) {
            rows.jdbc()
                    .sql("DELETE FROM node WHERE id = ANY(:ids)")
                    .param("ids", values(nodes))
                    .update();
            rows.entities().clear();
        }
    }

    @Override
    public NodeHealth put(NodeHealth health) {
        Optional<NodeHealth> stored = health(health.node());
        requireVersion("health of " + health.node(), stored.map(NodeHealth::version), health.version());
        NodeHealthRow row = new NodeHealthRow(health.withVersion(newest));
        write(stored.isPresent(), row);
        return row.toHealth();
    }

    @Override
    public ClusterPrimary put(ClusterPrimary primary) {
        Optional<ClusterPrimary> stored = primary(primary.cluster());
        requireVersion("primary of " + primary.cluster(), stored.map(ClusterPrimary::version), primary.version());
        ClusterPrimaryRow row = new ClusterPrimaryRow(primary.withVersion(newest));
        write(stored.isPresent(), row);
        return row.toPrimary();
    }

    @Override
    public PauseEverywhere put(PauseEverywhere pause) {
        requireVersion("the pause everywhere", pauseEverywhere().map(PauseEverywhere::version), pause.version());
        requireInTime();
        PauseEverywhere next = pause.withVersion(newest);
        rows.jdbc()
                .sql("""
                        INSERT INTO failover_pause (pause, version) VALUES (CAST(:pause AS jsonb), :version)
                        ON CONFLICT (one) DO UPDATE SET pause = excluded.pause, version = excluded.version""")
                .param("pause", Documents.write(next.pause()))
                .param("version", next.version().value())
                .update();
        return next;
    }

    @Override
    public void resumeEverywhere() {
        requireRecorded();
        requireInTime();
        rows.jdbc().sql("DELETE FROM failover_pause").update();
    }

    @Override
    public Operation put(Operation operation) {
        Optional<Operation> stored = operation(operation.id());
        requireVersion("operation " + operation.id(), stored.map(Operation::version), operation.version());
        OperationRow row = new OperationRow(operation.withVersion(newest));
        write(stored.isPresent(), row);
        return row.toOperation();
    }

    @Override
    public void put(NodeOpinion opinion) {
        boolean known = opinionsOn(opinion.node()).stream()
                .anyMatch(stored -> stored.observer().equals(opinion.observer()));
        OpinionRow row = new OpinionRow(opinion);
        write(known, row);
        rows.jdbc()
                .sql("""
                        INSERT INTO observation (node_id, observer_id, opinion, since, evidence, recorded_at)
                        VALUES (:node, :observer, :opinion, :since, CAST(:evidence AS jsonb), :now)""")
                .param("node", row.key.node)
                .param("observer", row.key.observer)
                .param("opinion", row.opinion.name())
                .param("since", row.since.atOffset(ZoneOffset.UTC))
                .param("evidence", row.evidence)
                .param("now", now().atOffset(ZoneOffset.UTC))
                .update();
    }

    @Override
    public void markIsolated(ObserverId observer, boolean isolated) {
        rows.jdbc()
                .sql(
                        isolated
                                ? "INSERT INTO observer_isolation (observer_id) VALUES (:id) ON CONFLICT DO NOTHING"
                                : "DELETE FROM observer_isolation WHERE observer_id = :id")
                .param("id", observer.value())
                .update();
    }

    @Override
    public void forget(ObserverId observer) {
        delete("DELETE FROM observer WHERE id = :id", observer.value());
    }

    @Override
    public void remember(RememberedAnswer answer) {
        rows.jdbc()
                .sql("""
                        INSERT INTO remembered_answer (service, key, request_digest, status, headers, body, at)
                        VALUES (:service, :key, :requestDigest, :status, :headers, :body, :at)
                        ON CONFLICT (service, key) DO UPDATE SET request_digest = excluded.request_digest,
                            status = excluded.status, headers = excluded.headers, body = excluded.body,
                            at = excluded.at""")
                .param("service", answer.service())
                .param("key", answer.key())
                .param("requestDigest", answer.requestDigest())
                .param("status", answer.status())
                .param("headers", answer.headers())
                .param("body", answer.body())
                .param("at", Documents.micros(answer.at()).atOffset(ZoneOffset.UTC))
                .update();
    }

    @Override
    public void advanceCursor(String consumer, Revision to) {
        rows.jdbc().sql("""
                        INSERT INTO journal_cursor (consumer, revision) VALUES (:consumer, :to)
                        ON CONFLICT (consumer)
                        DO UPDATE SET revision = greatest(journal_cursor.revision, excluded.revision)""").param("consumer", consumer).param("to", to.value()).update();
    }

    @Override
    public void requireLease(Lease lease) {
        // The lock keeps the next holder from being granted the lease before this change is committed.
        boolean newestGranted = rows.jdbc()
                .sql("""
                        SELECT true FROM lease
                        WHERE name = :name AND holder = :holder AND fencing_token = :token FOR SHARE""")
                .param("name", lease.name())
                .param("holder", lease.holder())
                .param("token", lease.fencingToken())
                .query(Boolean.class)
                .optional()
                .isPresent();
        if (!newestGranted) {
            throw new LeaseLostException("lease " + lease.name() + " with token " + lease.fencingToken() + " of "
                    + lease.holder() + " is not the newest one granted");
        }
    }

    private void requireVersion(String what, Optional<Revision> stored, Revision given) {
        requireRecorded();
        Revision version = stored.orElse(Revision.NONE);
        if (!version.equals(given)) {
            throw new StaleVersionException(what + " is at version " + version + ", not " + given);
        }
    }

    /** Every other change waits for this one, and none of them for longer than its own limit. */
    private void requireInTime() {
        if (nanoClock.getAsLong() - lockedAt > MAX_DURATION.toNanos()) {
            throw new StoreUnavailableException(
                    "the change took longer than " + MAX_DURATION.toSeconds() + " s and was given up",
                    new SQLTimeoutException("others wait for the lock of changes"));
        }
    }

    private void requireRecorded() {
        if (!newest.isAfter(before)) {
            throw new IllegalStateException("record the event that explains the change first");
        }
    }

    /** Writes at once, so that what breaks a rule fails here, and forgets what was read, so that reads see it. */
    private void write(boolean isStored, Object row) {
        requireInTime();
        if (isStored) {
            rows.entities().merge(row);
        } else {
            rows.entities().persist(row);
        }
        rows.entities().flush();
        rows.entities().clear();
    }

    private void delete(String sql, String id) {
        requireInTime();
        rows.jdbc().sql(sql).param("id", id).update();
        rows.entities().clear();
    }
}
