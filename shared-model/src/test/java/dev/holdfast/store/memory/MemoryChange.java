package dev.holdfast.store.memory;

import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.health.NodeOpinion;
import dev.holdfast.model.health.Observer;
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
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Region;
import dev.holdfast.model.topology.RegionId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.MDC;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A change of a private copy of the twin's tables. Holds to the same rules as the constraints of the real store. */
final class MemoryChange extends MemoryView implements StateChange {

    private static final JsonMapper JSON = HoldfastJson.jsonMapper();

    private final Revision before;

    MemoryChange(Tables tables, Instant now, Duration observerTtl) {
        super(tables, now, observerTtl);
        this.before = tables.revision;
    }

    @Override
    public Revision record(JournalEntry entry) {
        Revision next = tables().revision.next();
        tables().revision = next;
        Optional<String> traceId = Optional.ofNullable(MDC.get("traceId"));
        JournalEntry stored = entry.with(asStored(entry.evidence()));
        tables().journal.put(next, new JournalEvent(next, now(), traceId, stored));
        return next;
    }

    @Override
    public Region put(Region region) {
        requireVersion("region " + region.id(), region(region.id()).map(Region::version), region.version());
        boolean zoneInUse = tables().nodes.values().stream()
                .anyMatch(node ->
                        node.region().equals(region.id()) && !region.zones().contains(node.zone()));
        require(!zoneInUse, "a zone that has nodes can't be taken from region " + region.id());
        Region stored = region.withVersion(revision());
        tables().regions.put(stored.id(), stored);
        return stored;
    }

    @Override
    public void delete(RegionId region) {
        requireRecorded();
        boolean inUse =
                tables().nodes.values().stream().anyMatch(node -> node.region().equals(region));
        require(!inUse, "region " + region + " still has nodes");
        tables().regions.remove(region);
    }

    @Override
    public Cluster put(Cluster cluster) {
        requireVersion("cluster " + cluster.id(), cluster(cluster.id()).map(Cluster::version), cluster.version());
        Cluster stored = cluster.withVersion(revision());
        tables().clusters.put(stored.id(), stored);
        return stored;
    }

    @Override
    public void delete(ClusterId cluster) {
        requireRecorded();
        nodesOf(cluster).forEach(node -> delete(node.id()));
        tables().primaries.remove(cluster);
        tables().clusters.remove(cluster);
    }

    @Override
    public Node put(Node node) {
        requireVersion("node " + node.id(), node(node.id()).map(Node::version), node.version());
        require(cluster(node.cluster()).isPresent(), "there is no cluster " + node.cluster());
        require(
                region(node.region())
                        .filter(region -> region.zones().contains(node.zone()))
                        .isPresent(),
                "there is no zone " + node.zone() + " in a region " + node.region());
        Node stored = node.withVersion(revision());
        tables().nodes.put(stored.id(), stored);
        return stored;
    }

    @Override
    public void delete(NodeId node) {
        requireRecorded();
        tables().nodes.remove(node);
        tables().health.remove(node);
        tables().opinions.values().removeIf(opinion -> opinion.node().equals(node));
    }

    @Override
    public List<Node> putNodes(Collection<Node> nodes) {
        return nodes.stream().map(this::put).toList();
    }

    @Override
    public void deleteNodes(Collection<NodeId> nodes) {
        requireRecorded();
        nodes.forEach(this::delete);
    }

    @Override
    public NodeHealth put(NodeHealth health) {
        requireVersion("health of " + health.node(), health(health.node()).map(NodeHealth::version), health.version());
        require(node(health.node()).isPresent(), "there is no node " + health.node());
        require(
                health.status() == HealthStatus.UNKNOWN || health.decided().equals(Optional.of(health.status())),
                "a status other than UNKNOWN is what a quorum decided last");
        NodeHealth stored = new NodeHealth(
                health.node(),
                health.status(),
                health.decided(),
                health.incarnation(),
                asStored(health.since()),
                health.reason(),
                revision());
        tables().health.put(stored.node(), stored);
        return stored;
    }

    @Override
    public ClusterPrimary put(ClusterPrimary primary) {
        requireVersion(
                "primary of " + primary.cluster(),
                primary(primary.cluster()).map(ClusterPrimary::version),
                primary.version());
        require(cluster(primary.cluster()).isPresent(), "there is no cluster " + primary.cluster());
        ClusterPrimary stored = primary.withVersion(revision());
        tables().primaries.put(stored.cluster(), stored);
        return stored;
    }

    @Override
    public PauseEverywhere put(PauseEverywhere pause) {
        requireVersion("the pause everywhere", pauseEverywhere().map(PauseEverywhere::version), pause.version());
        PauseEverywhere stored = pause.withVersion(revision());
        tables().pauseEverywhere = Optional.of(stored);
        return stored;
    }

    @Override
    public void resumeEverywhere() {
        requireRecorded();
        tables().pauseEverywhere = Optional.empty();
    }

    @Override
    public Operation put(Operation operation) {
        requireVersion(
                "operation " + operation.id(), operation(operation.id()).map(Operation::version), operation.version());
        boolean clash = !operation.state().isFinal()
                && active().anyMatch(other -> other.cluster().equals(operation.cluster())
                        && !other.id().equals(operation.id()));
        require(!clash, "cluster " + operation.cluster() + " has another active operation");
        boolean shared = tables().operations.values().stream()
                .anyMatch(other ->
                        other.version().equals(revision()) && !other.id().equals(operation.id()));
        require(!shared, "revision " + revision() + " has changed another operation already; record an event for each");
        Operation stored = new Operation(
                operation.id(),
                operation.type(),
                operation.cluster(),
                operation.node(),
                operation.state(),
                asStored(operation.parameters()),
                operation.steps(),
                operation.startedBy(),
                asStored(operation.startedAt()),
                operation.endedAt().map(MemoryChange::asStored),
                operation.outcome(),
                revision());
        tables().operations.put(stored.id(), stored);
        return stored;
    }

    @Override
    public void put(NodeOpinion opinion) {
        require(tables().observers.containsKey(opinion.observer()), "there is no observer " + opinion.observer());
        require(node(opinion.node()).isPresent(), "there is no node " + opinion.node());
        NodeOpinion stored = new NodeOpinion(
                opinion.observer(), opinion.node(), opinion.opinion(), asStored(opinion.since()), opinion.evidence());
        tables().opinions.put(new Tables.OpinionKey(stored.node(), stored.observer()), stored);
        tables().observations.add(new Tables.Observation(stored, now()));
    }

    @Override
    public void markIsolated(ObserverId observer, boolean isolated) {
        require(!isolated || tables().observers.containsKey(observer), "there is no observer " + observer);
        tables().observers
                .computeIfPresent(
                        observer,
                        (id, known) -> new Observer(
                                id,
                                known.location(),
                                known.declaredObservers(),
                                isolated,
                                known.heartbeatAt(),
                                known.live()));
    }

    @Override
    public void forget(ObserverId observer) {
        tables().observers.remove(observer);
        tables().opinions.values().removeIf(opinion -> opinion.observer().equals(observer));
    }

    @Override
    public void remember(RememberedAnswer answer) {
        RememberedAnswer stored = new RememberedAnswer(
                answer.service(),
                answer.key(),
                answer.requestDigest(),
                answer.status(),
                answer.headers(),
                answer.body(),
                asStored(answer.at()));
        tables().answers.put(new Tables.AnswerKey(stored.service(), stored.key()), stored);
    }

    @Override
    public void advanceCursor(String consumer, Revision to) {
        tables().cursors.merge(consumer, to, (held, asked) -> asked.isAfter(held) ? asked : held);
    }

    @Override
    public void requireLease(Lease lease) {
        Optional<Lease> newest = Optional.ofNullable(tables().leases.get(lease.name()));
        if (newest.filter(held -> held.holder().equals(lease.holder()) && held.fencingToken() == lease.fencingToken())
                .isEmpty()) {
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

    private void requireRecorded() {
        require(revision().isAfter(before), "record the event that explains the change first");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    /** PostgreSQL keeps microseconds. */
    private static Instant asStored(Instant given) {
        return given.truncatedTo(ChronoUnit.MICROS);
    }

    private static Map<String, Object> asStored(Map<String, Object> given) {
        return JSON.readValue(JSON.writeValueAsString(given), new TypeReference<Map<String, Object>>() {});
    }
}
