package dev.holdfast.gateway.routing;

import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.ClusterSettings;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.NodePhase;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A cluster as routing sees it. The same instance stands for it in every table until something about it changes. */
public final class RoutedCluster {

    private final ClusterState.Members members;
    private final Set<NodeId> names = new HashSet<>();
    private final Map<NodeId, Target> serving = new LinkedHashMap<>();

    RoutedCluster(ClusterState.Members members) {
        this.members = members;
        for (Node node : members.nodes()) {
            names.add(node.id());
            Optional<NodeHealth> health = members.healthOf(node.id());
            if (serves(node, health)) {
                serving.put(
                        node.id(),
                        new Target(
                                node.id(),
                                node.region(),
                                node.zone(),
                                node.address(),
                                node.weight(),
                                node.takesTraffic(settings(), health)));
            }
        }
    }

    private boolean serves(Node node, Optional<NodeHealth> health) {
        return node.adminState() == AdminState.ENABLED
                && node.weight() > 0
                && node.phase(settings(), health) == NodePhase.SERVING;
    }

    public ClusterId id() {
        return members.cluster().id();
    }

    public ClusterSettings settings() {
        return members.cluster().settings();
    }

    /** The nodes that could get requests, healthy or not, ordered by id. Draining and joining nodes are not among them. */
    public Collection<Target> serving() {
        return Collections.unmodifiableCollection(serving.values());
    }

    public @Nullable Target serving(NodeId node) {
        return serving.get(node);
    }

    /** Every node of the cluster, whatever its state. */
    public Set<NodeId> nodes() {
        return Collections.unmodifiableSet(names);
    }

    boolean stillIs(ClusterState.Members newer) {
        return members.equals(newer);
    }
}
