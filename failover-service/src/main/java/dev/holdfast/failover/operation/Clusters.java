package dev.holdfast.failover.operation;

import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.ClusterId;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads what decisions need of a cluster. */
public final class Clusters {

    private Clusters() {}

    /** The cluster with its nodes and their health; empty when there is no such cluster. */
    public static Optional<ClusterState.Members> members(StateView view, ClusterId id) {
        return view.cluster(id)
                .map(cluster -> new ClusterState.Members(
                        cluster,
                        view.nodesOf(id),
                        view.healthOf(id).stream().collect(Collectors.toMap(NodeHealth::node, Function.identity()))));
    }
}
