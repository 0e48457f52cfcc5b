package dev.holdfast.model.store;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.NodeRole;
import dev.holdfast.model.topology.Redundancy;
import dev.holdfast.model.topology.Region;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The topology and health at one revision: all that routing and checking need. */
public record ClusterState(Revision revision, List<Region> regions, Map<ClusterId, Members> clusters) {

    public static final ClusterState EMPTY = new ClusterState(Revision.NONE, List.of(), Map.of());

    public ClusterState {
        regions = List.copyOf(regions);
        clusters = Map.copyOf(clusters);
    }

    /** A cluster with its nodes, ordered by id, and their health; nodes never judged have no entry in {@code health}. */
    public record Members(
            Cluster cluster, List<Node> nodes, Map<NodeId, NodeHealth> health, Optional<ClusterPrimary> primary) {

        @SuppressWarnings("OptionalAssignedToNull") // Absent in a document of an older version.
        public Members {
            nodes = List.copyOf(nodes);
            health = Map.copyOf(health);
            primary = requireNonNullElse(primary, Optional.empty());
        }

        /** @param health of these nodes alone */
        public static Members of(
                Cluster cluster, List<Node> nodes, List<NodeHealth> health, Optional<ClusterPrimary> primary) {
            return new Members(
                    cluster,
                    nodes,
                    health.stream().collect(Collectors.toMap(NodeHealth::node, Function.identity())),
                    primary);
        }

        /** The cluster as {@code view} has it. */
        public static Members of(StateView view, Cluster cluster) {
            return of(cluster, view.nodesOf(cluster.id()), view.healthOf(cluster.id()), view.primary(cluster.id()));
        }

        /** The part that the node, one of these, plays; before a primary is known, all of them are standbys. */
        public NodeRole roleOf(NodeId node) {
            return cluster.settings().redundancy() == Redundancy.ACTIVE_ACTIVE
                    ? NodeRole.ACTIVE
                    : primary.map(known -> known.roleOf(node)).orElse(NodeRole.STANDBY);
        }

        public Optional<NodeHealth> healthOf(NodeId node) {
            return Optional.ofNullable(health.get(node));
        }

        /** The cluster as {@code view} has it; empty when there is no such cluster. */
        public static Optional<Members> of(StateView view, ClusterId id) {
            return view.cluster(id).map(cluster -> of(view, cluster));
        }

        /**
         * Whether clients are led to {@code node}, one of these, while it is healthy: by its share, or because it is the
         * primary, which takes the writes whatever its weight and admin state are.
         */
        public boolean takesTraffic(Node node) {
            Optional<NodeHealth> verdict = healthOf(node.id());
            return roleOf(node.id()) == NodeRole.PRIMARY
                    ? verdict.map(NodeHealth::routable).orElse(false)
                    : node.takesTraffic(cluster.settings(), verdict);
        }

        /** Whether {@code node}, one of these, takes traffic and no other one does: without it nobody serves. */
        public boolean isLastInService(Node node) {
            return takesTraffic(node)
                    && nodes.stream().noneMatch(other -> !other.id().equals(node.id()) && takesTraffic(other));
        }
    }
}
