package dev.holdfast.store.postgres;

import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.health.NodeOpinion;
import dev.holdfast.model.health.Observer;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.JournalFilter;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationId;
import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.PauseEverywhere;
import dev.holdfast.model.store.RememberedAnswer;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Region;
import dev.holdfast.model.topology.RegionId;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.data.domain.Limit;
import org.springframework.data.domain.Sort;

/** The state as one transaction sees it. */
class PostgresView implements StateView {

    private static final Set<OperationState> ACTIVE = Arrays.stream(OperationState.values())
            .filter(state -> !state.isFinal())
            .collect(Collectors.toUnmodifiableSet());

    private final StoreRows rows;
    private final Duration observerTtl;
    private final Instant now;
    private final Revision revision;

    PostgresView(StoreRows rows, Duration observerTtl, Counter counter) {
        this.rows = rows;
        this.observerTtl = observerTtl;
        this.now = counter.now;
        this.revision = counter.revision;
    }

    /** The newest revision, and the store's clock when it was read. */
    record Counter(Revision revision, Instant now) {

        /** Reads the counter without waiting for changes. */
        static Counter read(StoreRows rows) {
            return query(rows, "SELECT value, clock_timestamp() AS now FROM revision_counter");
        }

        /** Waits for the changes before this one, and keeps those after it waiting; only then looks at the clock. */
        static Counter lock(StoreRows rows) {
            return query(rows, """
                    WITH locked AS MATERIALIZED (SELECT value FROM revision_counter FOR UPDATE)
                    SELECT value, clock_timestamp() AS now FROM locked""");
        }

        private static Counter query(StoreRows rows, String sql) {
            return rows.jdbc()
                    .sql(sql)
                    .query((row, number) -> new Counter(
                            new Revision(row.getLong("value")),
                            row.getObject("now", OffsetDateTime.class).toInstant()))
                    .single();
        }
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public Revision revision() {
        return revision;
    }

    @Override
    public List<Region> regions() {
        Map<String, List<ZoneRow>> zones =
                rows.zones().findAllInOrder().stream().collect(Collectors.groupingBy(zone -> zone.key.region));
        return rows.regions().findAllByOrderById().stream()
                .map(region -> region.toRegion(zones.getOrDefault(region.id, List.of())))
                .toList();
    }

    @Override
    public Optional<Region> region(RegionId id) {
        return find(RegionRow.class, id.value())
                .map(region -> region.toRegion(rows.zones().findOf(id.value())));
    }

    @Override
    public List<Cluster> clusters() {
        return rows.clusters().findAllByOrderById().stream()
                .map(ClusterRow::toCluster)
                .toList();
    }

    @Override
    public Optional<Cluster> cluster(ClusterId id) {
        return find(ClusterRow.class, id.value()).map(ClusterRow::toCluster);
    }

    @Override
    public List<Node> nodes() {
        return rows.nodes().findAllByOrderById().stream().map(NodeRow::toNode).toList();
    }

    @Override
    public List<Node> nodesOf(ClusterId cluster) {
        return rows.nodes().findByClusterOrderById(cluster.value()).stream()
                .map(NodeRow::toNode)
                .toList();
    }

    @Override
    public Optional<Node> node(NodeId id) {
        return find(NodeRow.class, id.value()).map(NodeRow::toNode);
    }

    @Override
    public List<Node> nodes(Collection<NodeId> ids) {
        return rows.nodes().findAllOf(values(ids)).stream().map(NodeRow::toNode).toList();
    }

    @Override
    public List<NodeHealth> health() {
        return rows.health().findAllByOrderByNode().stream()
                .map(NodeHealthRow::toHealth)
                .toList();
    }

    @Override
    public List<NodeHealth> healthOf(ClusterId cluster) {
        return rows.health().findOf(cluster.value()).stream()
                .map(NodeHealthRow::toHealth)
                .toList();
    }

    @Override
    public Optional<NodeHealth> health(NodeId node) {
        return find(NodeHealthRow.class, node.value()).map(NodeHealthRow::toHealth);
    }

    @Override
    public List<ClusterPrimary> primaries() {
        return rows.primaries().findAllByOrderByCluster().stream()
                .map(ClusterPrimaryRow::toPrimary)
                .toList();
    }

    @Override
    public Optional<ClusterPrimary> primary(ClusterId cluster) {
        return find(ClusterPrimaryRow.class, cluster.value()).map(ClusterPrimaryRow::toPrimary);
    }

    @Override
    public Optional<PauseEverywhere> pauseEverywhere() {
        return rows.jdbc()
                .sql("SELECT pause, version FROM failover_pause")
                .query((row, number) -> new PauseEverywhere(
                        Documents.read(row.getString("pause"), ClusterPrimary.Pause.class),
                        new Revision(row.getLong("version"))))
                .optional();
    }

    @Override
    public List<Observer> observers() {
        return PostgresObserverRegistry.observers(rows.jdbc(), now, observerTtl);
    }

    @Override
    public List<NodeOpinion> opinionsOn(NodeId node) {
        return rows.opinions().findOn(node.value()).stream()
                .map(OpinionRow::toOpinion)
                .toList();
    }

    @Override
    public List<NodeOpinion> opinions() {
        return rows.opinions().findAllInOrder().stream()
                .map(OpinionRow::toOpinion)
                .toList();
    }

    @Override
    public Optional<List<JournalEvent>> eventsAfter(Revision held, int limit) {
        if (held.equals(revision())) {
            return Optional.of(List.of());
        }
        List<JournalEvent> events =
                rows.journal().findByRevisionGreaterThanOrderByRevision(held.value(), Limit.of(limit)).stream()
                        .map(JournalRow::toEvent)
                        .toList();
        boolean complete = !events.isEmpty() && events.getFirst().revision().equals(held.next());
        return complete ? Optional.of(events) : Optional.empty();
    }

    @Override
    public List<JournalEvent> journal(JournalFilter filter, Optional<Revision> before, int limit) {
        return rows
                .journal()
                .findBy(
                        JournalQuery.matching(filter, before),
                        query -> query.sortBy(Sort.by(Sort.Direction.DESC, "revision"))
                                .limit(limit)
                                .all())
                .stream()
                .map(JournalRow::toEvent)
                .toList();
    }

    @Override
    public Optional<Operation> operation(OperationId id) {
        return find(OperationRow.class, id.value()).map(OperationRow::toOperation);
    }

    @Override
    public List<Operation> activeOperations() {
        return rows.operations().findByStateInOrderByStartedAtAscIdAsc(ACTIVE).stream()
                .map(OperationRow::toOperation)
                .toList();
    }

    @Override
    public List<Operation> operations(
            Optional<ClusterId> cluster, Optional<OperationState> state, Optional<Revision> before, int limit) {
        return rows
                .operations()
                .findBy(
                        OperationRow.matching(cluster, state, before),
                        query -> query.sortBy(Sort.by(Sort.Direction.DESC, "version"))
                                .limit(limit)
                                .all())
                .stream()
                .map(OperationRow::toOperation)
                .toList();
    }

    @Override
    public Optional<RememberedAnswer> rememberedAnswer(String service, String key) {
        return rows.jdbc()
                .sql("SELECT * FROM remembered_answer WHERE service = :service AND key = :key")
                .param("service", service)
                .param("key", key)
                .query((row, number) -> new RememberedAnswer(
                        row.getString("service"),
                        row.getString("key"),
                        row.getString("request_digest"),
                        row.getInt("status"),
                        row.getString("headers"),
                        row.getString("body"),
                        row.getObject("at", OffsetDateTime.class).toInstant()))
                .optional();
    }

    @Override
    public Revision cursor(String consumer) {
        return rows.jdbc()
                .sql("SELECT revision FROM journal_cursor WHERE consumer = :consumer")
                .param("consumer", consumer)
                .query(Long.class)
                .optional()
                .map(Revision::new)
                .orElse(Revision.NONE);
    }

    static String[] values(Collection<NodeId> ids) {
        return ids.stream().map(NodeId::value).toArray(String[]::new);
    }

    private <R> Optional<R> find(Class<R> type, Object id) {
        return Optional.ofNullable(rows.entities().find(type, id));
    }
}
