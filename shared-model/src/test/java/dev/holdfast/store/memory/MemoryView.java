package dev.holdfast.store.memory;

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
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A view of the twin's tables, valid until {@link #close}. */
class MemoryView implements StateView, AutoCloseable {

    private final Tables tables;
    private final Instant now;
    private final Duration observerTtl;
    private boolean open = true;

    MemoryView(Tables tables, Instant now, Duration observerTtl) {
        this.tables = tables;
        this.now = now;
        this.observerTtl = observerTtl;
    }

    final Tables tables() {
        if (!open) {
            throw new IllegalStateException("a view of the store is valid only inside the call that gave it");
        }
        return tables;
    }

    @Override
    public void close() {
        open = false;
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public Revision revision() {
        return tables().revision;
    }

    @Override
    public List<Region> regions() {
        return List.copyOf(tables().regions.values());
    }

    @Override
    public Optional<Region> region(RegionId id) {
        return Optional.ofNullable(tables().regions.get(id));
    }

    @Override
    public List<Cluster> clusters() {
        return List.copyOf(tables().clusters.values());
    }

    @Override
    public Optional<Cluster> cluster(ClusterId id) {
        return Optional.ofNullable(tables().clusters.get(id));
    }

    @Override
    public List<Node> nodes() {
        return List.copyOf(tables().nodes.values());
    }

    @Override
    public List<Node> nodesOf(ClusterId cluster) {
        return tables().nodes.values().stream()
                .filter(node -> node.cluster().equals(cluster))
                .toList();
    }

    @Override
    public Optional<Node> node(NodeId id) {
        return Optional.ofNullable(tables().nodes.get(id));
    }

    @Override
    public List<Node> nodes(Collection<NodeId> ids) {
        Set<NodeId> wanted = Set.copyOf(ids);
        return tables().nodes.values().stream()
                .filter(node -> wanted.contains(node.id()))
                .toList();
    }

    @Override
    public List<NodeHealth> health() {
        return List.copyOf(tables().health.values());
    }

    @Override
    public List<NodeHealth> healthOf(ClusterId cluster) {
        return nodesOf(cluster).stream()
                .flatMap(node -> health(node.id()).stream())
                .toList();
    }

    @Override
    public Optional<NodeHealth> health(NodeId node) {
        return Optional.ofNullable(tables().health.get(node));
    }

    @Override
    public List<ClusterPrimary> primaries() {
        return List.copyOf(tables().primaries.values());
    }

    @Override
    public Optional<ClusterPrimary> primary(ClusterId cluster) {
        return Optional.ofNullable(tables().primaries.get(cluster));
    }

    @Override
    public Optional<PauseEverywhere> pauseEverywhere() {
        return tables().pauseEverywhere;
    }

    @Override
    public List<Observer> observers() {
        return observers(tables(), now, observerTtl);
    }

    static List<Observer> observers(Tables tables, Instant now, Duration observerTtl) {
        return tables.observers.values().stream()
                .map(observer -> new Observer(
                        observer.id(),
                        observer.location(),
                        observer.declaredObservers(),
                        observer.isolated(),
                        observer.heartbeatAt(),
                        observer.heartbeatAt().isAfter(now.minus(observerTtl))))
                .toList();
    }

    @Override
    public List<NodeOpinion> opinionsOn(NodeId node) {
        return opinions().stream()
                .filter(opinion -> opinion.node().equals(node))
                .toList();
    }

    @Override
    public List<NodeOpinion> opinions() {
        return List.copyOf(tables().opinions.values());
    }

    @Override
    public Optional<List<JournalEvent>> eventsAfter(Revision held, int limit) {
        if (held.equals(revision())) {
            return Optional.of(List.of());
        }
        List<JournalEvent> events = tables().journal.tailMap(held, false).values().stream()
                .limit(limit)
                .toList();
        boolean complete = !events.isEmpty() && events.getFirst().revision().equals(held.next());
        return complete ? Optional.of(events) : Optional.empty();
    }

    @Override
    public List<JournalEvent> journal(JournalFilter filter, Optional<Revision> before, int limit) {
        return tables().journal.descendingMap().values().stream()
                .filter(event -> before.isEmpty() || before.get().isAfter(event.revision()))
                .filter(filter::matches)
                .limit(limit)
                .toList();
    }

    @Override
    public Optional<Operation> operation(OperationId id) {
        return Optional.ofNullable(tables().operations.get(id));
    }

    @Override
    public List<Operation> activeOperations() {
        return active().sorted(Comparator.comparing(Operation::startedAt)
                        .thenComparing(operation -> operation.id().toString()))
                .toList();
    }

    final Stream<Operation> active() {
        return tables().operations.values().stream()
                .filter(operation -> !operation.state().isFinal());
    }

    @Override
    public List<Operation> operations(
            Optional<ClusterId> cluster, Optional<OperationState> state, Optional<Revision> before, int limit) {
        return tables().operations.values().stream()
                .filter(operation -> cluster.isEmpty() || cluster.get().equals(operation.cluster()))
                .filter(operation -> state.isEmpty() || state.get() == operation.state())
                .filter(operation -> before.isEmpty() || before.get().isAfter(operation.version()))
                .sorted(Comparator.comparing(Operation::version).reversed())
                .limit(limit)
                .toList();
    }

    @Override
    public Optional<RememberedAnswer> rememberedAnswer(String service, String key) {
        return Optional.ofNullable(tables().answers.get(new Tables.AnswerKey(service, key)));
    }

    @Override
    public Revision cursor(String consumer) {
        return tables().cursors.getOrDefault(consumer, Revision.NONE);
    }
}
