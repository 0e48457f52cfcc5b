package dev.holdfast.gateway.control.status;

import dev.holdfast.api.GatewayNodeView;
import dev.holdfast.gateway.control.status.StatusView.ClusterStatus;
import dev.holdfast.gateway.control.status.StatusView.NodeStatus;
import dev.holdfast.gateway.control.status.StatusView.RegionStatus;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.NodePhase;
import dev.holdfast.model.topology.Region;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Puts what the store says and what this gateway does with it side by side. */
final class StatusProjection {

    private StatusProjection() {}

    /**
     * @param activity what this gateway does with a node
     * @param inPanic whether this gateway spreads a cluster's requests over all of its nodes
     */
    static StatusView project(
            ClusterState state,
            boolean storeInContact,
            Revision tableRevision,
            Function<NodeId, GatewayNodeView> activity,
            Predicate<ClusterId> inPanic) {
        List<ClusterStatus> clusters = state.clusters().values().stream()
                .sorted(Comparator.comparing(members -> members.cluster().id()))
                .map(members -> cluster(members, activity, inPanic))
                .toList();
        List<NodeStatus> nodes =
                clusters.stream().flatMap(cluster -> cluster.members().stream()).toList();
        List<RegionStatus> regions = state.regions().stream()
                .sorted(Comparator.comparing(Region::id))
                .map(region -> region(region, nodes))
                .toList();
        return new StatusView(tableRevision, storeInContact, regions, clusters);
    }

    private static RegionStatus region(Region region, List<NodeStatus> all) {
        List<NodeStatus> nodes =
                all.stream().filter(node -> node.region().equals(region.id())).toList();
        return new RegionStatus(
                region.id(),
                region.displayName(),
                region.zones(),
                nodes.size(),
                count(nodes, NodeStatus::takesTraffic));
    }

    private static ClusterStatus cluster(
            ClusterState.Members members, Function<NodeId, GatewayNodeView> activity, Predicate<ClusterId> inPanic) {
        boolean panic = inPanic.test(members.cluster().id());
        List<NodeStatus> nodes = members.nodes().stream()
                .map(node -> node(node, members, activity.apply(node.id()), panic))
                .toList();
        return new ClusterStatus(
                members.cluster().id(),
                nodes.size(),
                count(nodes, node -> node.health() == HealthStatus.HEALTHY),
                count(nodes, NodeStatus::takesTraffic),
                panic,
                members.primary().map(PrimaryStatus::of),
                nodes);
    }

    private static NodeStatus node(Node node, ClusterState.Members members, GatewayNodeView seen, boolean panic) {
        Optional<NodeHealth> health = members.healthOf(node.id());
        NodePhase phase = node.phase(members.cluster().settings(), health);
        boolean serves = node.adminState() == AdminState.ENABLED && node.weight() > 0 && phase == NodePhase.SERVING;
        boolean takesTraffic =
                panic ? serves : seen.takesTraffic() && seen.ejectedUntil().isEmpty();
        return new NodeStatus(
                node.id(),
                node.region(),
                node.zone(),
                node.address(),
                node.weight(),
                members.roleOf(node.id()),
                node.adminState(),
                phase,
                health.map(NodeHealth::status).orElse(HealthStatus.UNKNOWN),
                health.map(NodeHealth::since),
                health.map(NodeHealth::reason),
                takesTraffic,
                seen.outstanding(),
                seen.ejectedUntil());
    }

    private static int count(List<NodeStatus> nodes, Predicate<NodeStatus> what) {
        return Math.toIntExact(nodes.stream().filter(what).count());
    }
}
