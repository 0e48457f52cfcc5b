package dev.holdfast.gateway.control.status;

import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.NodePhase;
import dev.holdfast.model.topology.NodeRole;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Regions, clusters and nodes as one gateway sees them.
 *
 * @param tableRevision of the routing table that this gateway routes by
 * @param storeInContact whether the cluster-state store answers; if not, this is the last state known
 */
public record StatusView(
        Revision tableRevision, boolean storeInContact, List<RegionStatus> regions, List<ClusterStatus> clusters) {

    public StatusView {
        regions = List.copyOf(regions);
        clusters = List.copyOf(clusters);
    }

    /** The same without the numbers that change with every request. */
    StatusView withoutCounts() {
        return new StatusView(
                tableRevision,
                storeInContact,
                regions,
                clusters.stream()
                        .map(cluster -> cluster.withMembers(cluster.members().stream()
                                .map(node -> node.withOutstanding(0))
                                .toList()))
                        .toList());
    }

    /**
     * A region.
     *
     * @param nodes how many nodes it has, over all clusters
     * @param takingTraffic how many of them get requests from this gateway
     */
    public record RegionStatus(RegionId id, String displayName, List<ZoneId> zones, int nodes, int takingTraffic) {}

    /**
     * A cluster.
     *
     * @param healthy how many nodes a quorum holds healthy
     * @param takingTraffic how many nodes get requests from this gateway
     * @param panic so few nodes are fit that this gateway spreads requests over all of them
     * @param primary of a PostgreSQL cluster, once its primary is known
     * @param members ordered by id
     */
    public record ClusterStatus(
            ClusterId id,
            int nodes,
            int healthy,
            int takingTraffic,
            boolean panic,
            Optional<PrimaryStatus> primary,
            List<NodeStatus> members) {

        public ClusterStatus {
            members = List.copyOf(members);
        }

        ClusterStatus withMembers(List<NodeStatus> newMembers) {
            return new ClusterStatus(id, nodes, healthy, takingTraffic, panic, primary, newMembers);
        }
    }

    /**
     * A node.
     *
     * @param health the verdict of the observers
     * @param since when the verdict changed; empty while there is none
     * @param reason for the verdict, in words; empty while there is none
     * @param takesTraffic whether this gateway gives it new requests
     * @param outstanding requests of this gateway that it has not answered yet
     * @param ejectedUntil set while this gateway has ejected it on what it saw itself
     */
    public record NodeStatus(
            NodeId id,
            RegionId region,
            ZoneId zone,
            Endpoint address,
            int weight,
            NodeRole role,
            AdminState adminState,
            NodePhase phase,
            HealthStatus health,
            Optional<Instant> since,
            Optional<String> reason,
            boolean takesTraffic,
            int outstanding,
            Optional<Instant> ejectedUntil) {

        NodeStatus withOutstanding(int newOutstanding) {
            return new NodeStatus(
                    id,
                    region,
                    zone,
                    address,
                    weight,
                    role,
                    adminState,
                    phase,
                    health,
                    since,
                    reason,
                    takesTraffic,
                    newOutstanding,
                    ejectedUntil);
        }
    }
}
