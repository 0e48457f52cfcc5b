package dev.holdfast.model.store;

import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.health.NodeOpinion;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.PauseEverywhere;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Region;
import dev.holdfast.model.topology.RegionId;
import java.util.Collection;
import java.util.List;

/**
 * One transaction on the cluster state.
 *
 * <p>State is versioned. {@code put} compares the version that the given value carries with the stored one
 * ({@link Revision#NONE}: nothing is stored yet), throws {@link StaleVersionException} when they differ, and returns the
 * value with the version it now has: the revision recorded last. A {@code put} or {@code delete} before any
 * {@link #record} is an {@link IllegalStateException}, so that nothing changes without a journal event.
 */
public interface StateChange extends StateView {

    /** Journals a fact under the next revision, which it returns; what is put or deleted after it belongs to that revision. */
    Revision record(JournalEntry entry);

    Region put(Region region);

    /** Deletes the region if it is there. It must have no nodes. */
    void delete(RegionId region);

    Cluster put(Cluster cluster);

    /** Deletes the cluster with its nodes, their health and opinions, and what is known of its primary. */
    void delete(ClusterId cluster);

    /** Its cluster, region and zone must exist. */
    Node put(Node node);

    /** Puts each as {@link #put(Node)} does, and many in little more time than one. No two have the same id. */
    List<Node> putNodes(Collection<Node> nodes);

    /** Deletes the node with its health and opinions. */
    void delete(NodeId node);

    /** Deletes each as {@link #delete(NodeId)} does, and many in little more time than one. */
    void deleteNodes(Collection<NodeId> nodes);

    NodeHealth put(NodeHealth health);

    /** Its cluster must exist. */
    ClusterPrimary put(ClusterPrimary primary);

    PauseEverywhere put(PauseEverywhere pause);

    /** Deletes the pause if there is one. */
    void resumeEverywhere();

    /** A cluster has at most one active operation, and each operation has an event, and so a version, of its own. */
    Operation put(Operation operation);

    /**
     * Records an observation: it needs no journal event and has no version. Also kept in the history of observations.
     * Its observer must be registered and its node exist.
     */
    void put(NodeOpinion opinion);

    /** Marks whether the observer holds its opinions because it believes itself cut off. Needs no journal event. */
    void markIsolated(ObserverId observer, boolean isolated);

    /** Forgets an observer and its opinions. Needs no journal event. */
    void forget(ObserverId observer);

    /** Remembers the answer to a request for replays of it. Needs no journal event. */
    void remember(RememberedAnswer answer);

    /** Moves a consumer of the journal on, never back. Needs no journal event. */
    void advanceCursor(String consumer, Revision to);

    /** Throws {@link LeaseLostException} unless {@code lease} is still the newest one granted under its name. */
    void requireLease(Lease lease);
}
