package dev.holdfast.gateway;

import dev.holdfast.gateway.activity.GatewayMeters;
import dev.holdfast.gateway.activity.NodeRecords;
import dev.holdfast.gateway.ejection.Ejections;
import dev.holdfast.gateway.forwarding.ClusterForwardings;
import dev.holdfast.gateway.hints.HintSender;
import dev.holdfast.gateway.routing.CurrentTable;
import dev.holdfast.gateway.routing.RoutedCluster;
import dev.holdfast.gateway.routing.RoutingTable;
import dev.holdfast.gateway.snapshot.SnapshotFile.Snapshot;
import dev.holdfast.model.store.ClusterState;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts each newer cluster state in force, and tells all that keep something for nodes or clusters. */
final class TableUpdates implements Consumer<ClusterState> {

    private static final Logger log = LoggerFactory.getLogger(TableUpdates.class);

    private final CurrentTable table;
    private final Ejections ejections;
    private final NodeRecords nodes;
    private final ClusterForwardings forwardings;
    private final GatewayMeters meters;
    private final HintSender hints;

    TableUpdates(
            CurrentTable table,
            Ejections ejections,
            NodeRecords nodes,
            ClusterForwardings forwardings,
            GatewayMeters meters,
            HintSender hints) {
        this.table = table;
        this.ejections = ejections;
        this.nodes = nodes;
        this.forwardings = forwardings;
        this.meters = meters;
        this.hints = hints;
    }

    /** Puts the state of the snapshot in force, if there is one, and returns what is. */
    ClusterState startFrom(Optional<Snapshot> snapshot) {
        snapshot.ifPresent(kept -> {
            log.info(
                    "routing by the snapshot of {}, revision {}, until the store answers",
                    kept.writtenAt(),
                    kept.state().revision());
            accept(kept.state());
        });
        return snapshot.map(Snapshot::state).orElse(ClusterState.EMPTY);
    }

    @Override
    public void accept(ClusterState state) {
        RoutingTable before = table.update(state);
        RoutingTable now = table.get();
        ejections.tableChanged(before, now);
        nodes.tableChanged(now).forEach(gone -> {
            meters.forget(gone);
            hints.forget(gone);
        });
        forwardings.tableChanged(now);
        before.clusters().stream()
                .map(RoutedCluster::id)
                .filter(cluster -> now.cluster(cluster) == null)
                .forEach(meters::forget);
    }
}
