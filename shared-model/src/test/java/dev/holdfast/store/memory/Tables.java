package dev.holdfast.store.memory;

import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.health.NodeOpinion;
import dev.holdfast.model.health.Observer;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationId;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.PauseEverywhere;
import dev.holdfast.model.store.Lease;
import dev.holdfast.model.store.RememberedAnswer;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Region;
import dev.holdfast.model.topology.RegionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** All that the twin holds. Once committed it is never written again: a change works on a {@link #copy}. */
final class Tables {

    Revision revision = Revision.NONE;
    final NavigableMap<RegionId, Region> regions = new TreeMap<>();
    final NavigableMap<ClusterId, Cluster> clusters = new TreeMap<>();
    final NavigableMap<NodeId, Node> nodes = new TreeMap<>();
    final NavigableMap<NodeId, NodeHealth> health = new TreeMap<>();
    final NavigableMap<ClusterId, ClusterPrimary> primaries = new TreeMap<>();
    Optional<PauseEverywhere> pauseEverywhere = Optional.empty();
    final NavigableMap<ObserverId, Observer> observers = new TreeMap<>();
    final NavigableMap<OpinionKey, NodeOpinion> opinions = new TreeMap<>();
    final List<Observation> observations = new ArrayList<>();
    final NavigableMap<Revision, JournalEvent> journal = new TreeMap<>();
    final Map<OperationId, Operation> operations = new HashMap<>();
    final Map<AnswerKey, RememberedAnswer> answers = new HashMap<>();
    final Map<String, Revision> cursors = new HashMap<>();
    final Map<String, Lease> leases = new HashMap<>();

    record OpinionKey(NodeId node, ObserverId observer) implements Comparable<OpinionKey> {

        private static final Comparator<OpinionKey> ORDER =
                Comparator.comparing(OpinionKey::node).thenComparing(OpinionKey::observer);

        @Override
        public int compareTo(OpinionKey other) {
            return ORDER.compare(this, other);
        }
    }

    record Observation(NodeOpinion opinion, Instant recordedAt) {}

    record AnswerKey(String service, String key) {}

    Tables copy() {
        Tables copy = new Tables();
        copy.revision = revision;
        copy.regions.putAll(regions);
        copy.clusters.putAll(clusters);
        copy.nodes.putAll(nodes);
        copy.health.putAll(health);
        copy.primaries.putAll(primaries);
        copy.pauseEverywhere = pauseEverywhere;
        copy.observers.putAll(observers);
        copy.opinions.putAll(opinions);
        copy.observations.addAll(observations);
        copy.journal.putAll(journal);
        copy.operations.putAll(operations);
        copy.answers.putAll(answers);
        copy.cursors.putAll(cursors);
        copy.leases.putAll(leases);
        return copy;
    }
}
