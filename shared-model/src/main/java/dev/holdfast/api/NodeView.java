package dev.holdfast.api;

import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.ClusterSettings;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.FailoverTraits;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.NodePhase;
import dev.holdfast.model.topology.NodeRole;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A node as the API shows it.
 *
 * @param phase SYNCHRONISING until it may take traffic
 * @param health the verdict of the observers
 * @param takesTraffic whether clients are led to it, as far as the store knows; a gateway may have ejected it
 * @param healthSince when the verdict changed; empty while there is none
 * @param agent where the agent of a PostgreSQL node answers; empty of every other node, as are the next two
 * @param priority the higher, the rather it is promoted
 * @param nofailover it is never promoted
 */
public record NodeView(
        NodeId id,
        ClusterId cluster,
        RegionId region,
        ZoneId zone,
        Endpoint address,
        int weight,
        NodeRole role,
        Map<String, String> labels,
        AdminState adminState,
        NodePhase phase,
        HealthStatus health,
        boolean takesTraffic,
        Optional<Instant> healthSince,
        Optional<Endpoint> agent,
        Optional<Integer> priority,
        Optional<Boolean> nofailover,
        Revision version) {

    /** @param cluster that the node is in */
    public static NodeView of(Node node, ClusterState.Members cluster) {
        ClusterSettings settings = cluster.cluster().settings();
        Optional<NodeHealth> health = cluster.healthOf(node.id());
        NodePhase phase = node.phase(settings, health);
        Optional<FailoverTraits> failover = settings.postgresql().map(any -> node.failover());
        return new NodeView(
                node.id(),
                node.cluster(),
                node.region(),
                node.zone(),
                node.address(),
                node.weight(),
                cluster.roleOf(node.id()),
                node.labels(),
                node.adminState(),
                phase,
                health.map(NodeHealth::status).orElse(HealthStatus.UNKNOWN),
                cluster.takesTraffic(node),
                health.map(NodeHealth::since),
                failover.flatMap(FailoverTraits::agent),
                failover.map(FailoverTraits::priority),
                failover.map(FailoverTraits::nofailover),
                node.version());
    }
}
