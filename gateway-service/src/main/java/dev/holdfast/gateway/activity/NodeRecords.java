package dev.holdfast.gateway.activity;

import dev.holdfast.api.GatewayNodeView;
import dev.holdfast.gateway.balancing.Candidates;
import dev.holdfast.gateway.ejection.Ejections;
import dev.holdfast.gateway.routing.CurrentTable;
import dev.holdfast.gateway.routing.RoutedCluster;
import dev.holdfast.gateway.routing.RoutingTable;
import dev.holdfast.gateway.routing.Target;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The records of all nodes. A node's record lives as long as the table names it or a request to it is under way. */
public final class NodeRecords implements NodeActivity {

    private final Map<NodeId, NodeRecord> records = new ConcurrentHashMap<>();
    private final CurrentTable table;
    private final Ejections ejections;

    public NodeRecords(CurrentTable table, Ejections ejections) {
        this.table = table;
        this.ejections = ejections;
    }

    /** The node's record, made when there is none. */
    public NodeRecord of(NodeId node, ClusterId cluster) {
        NodeRecord known = records.get(node);
        return known != null ? known : records.computeIfAbsent(node, id -> new NodeRecord(id, cluster));
    }

    public int outstanding(NodeId node) {
        NodeRecord known = records.get(node);
        return known == null ? 0 : known.outstanding();
    }

    /** Forgets the nodes that the table doesn't name any more, and returns which they were. */
    public List<NodeId> tableChanged(RoutingTable now) {
        List<NodeId> gone = records.values().stream()
                .filter(known -> known.outstanding() == 0 && now.clusterOf(known.node()) == null)
                .map(NodeRecord::node)
                .toList();
        gone.forEach(records::remove);
        return gone;
    }

    @Override
    public Revision tableRevision() {
        return table.get().revision();
    }

    @Override
    public GatewayNodeView of(NodeId node) {
        // In this order: a request that the table read here lets through has been counted before outstanding is read.
        RoutingTable current = table.get();
        int outstanding = outstanding(node);
        RoutedCluster cluster = current.clusterOf(node);
        Target target = cluster == null ? null : cluster.serving(node);
        Optional<Instant> ejectedUntil =
                cluster == null ? Optional.empty() : ejections.of(cluster.id()).until(node);
        return new GatewayNodeView(
                node,
                current.revision(),
                cluster != null,
                target != null && target.healthy(),
                outstanding,
                ejectedUntil);
    }

    @Override
    public boolean inPanic(ClusterId cluster) {
        RoutedCluster routed = table.get().cluster(cluster);
        return routed != null && Candidates.of(routed, ejections.of(cluster)).panic();
    }

    @Override
    public Optional<SeenFailure> lastFailure(NodeId node) {
        return Optional.ofNullable(records.get(node)).flatMap(NodeRecord::lastFailure);
    }
}
