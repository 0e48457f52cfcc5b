package dev.holdfast.model.store;

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
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Region;
import dev.holdfast.model.topology.RegionId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A consistent view of the cluster state. Lists are ordered by id unless they say otherwise, and complete unless they take a limit. */
public interface StateView {

    /** The store's clock. */
    Instant now();

    /** The newest revision of this view. */
    Revision revision();

    List<Region> regions();

    Optional<Region> region(RegionId id);

    List<Cluster> clusters();

    Optional<Cluster> cluster(ClusterId id);

    List<Node> nodes();

    List<Node> nodesOf(ClusterId cluster);

    Optional<Node> node(NodeId id);

    /** Those of these nodes that there are. */
    List<Node> nodes(Collection<NodeId> ids);

    List<NodeHealth> health();

    List<NodeHealth> healthOf(ClusterId cluster);

    Optional<NodeHealth> health(NodeId node);

    /** The primaries of all active-passive clusters that have got one. */
    List<ClusterPrimary> primaries();

    Optional<ClusterPrimary> primary(ClusterId cluster);

    Optional<PauseEverywhere> pauseEverywhere();

    List<Observer> observers();

    /** The opinions of all observers, dead ones included, on one node. */
    List<NodeOpinion> opinionsOn(NodeId node);

    /** The opinions of all observers, dead ones included, on all nodes. */
    List<NodeOpinion> opinions();

    /**
     * The events after {@code held}, oldest first, at most {@code limit}. Empty when some of them have been pruned, or
     * the store has never come as far as {@code held}: the caller then reads the whole state anew.
     */
    Optional<List<JournalEvent>> eventsAfter(Revision held, int limit);

    /** Events older than {@code before} (all, when that is empty) that match, newest first, at most {@code limit}. */
    List<JournalEvent> journal(JournalFilter filter, Optional<Revision> before, int limit);

    Optional<Operation> operation(OperationId id);

    /** The operations that have not ended, oldest first. */
    List<Operation> activeOperations();

    /**
     * Operations that match, newest first by version, of versions older than {@code before} (all, when that is empty). A
     * filter that is empty matches every one.
     */
    List<Operation> operations(
            Optional<ClusterId> cluster, Optional<OperationState> state, Optional<Revision> before, int limit);

    /** The answer remembered for this key, if one is. */
    Optional<RememberedAnswer> rememberedAnswer(String service, String key);

    /** The revision up to which {@code consumer} has worked through the journal; {@link Revision#NONE} at first. */
    Revision cursor(String consumer);
}
