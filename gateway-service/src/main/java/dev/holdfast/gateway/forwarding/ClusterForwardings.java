package dev.holdfast.gateway.forwarding;

import dev.holdfast.gateway.balancing.ClusterLoadBalancer;
import dev.holdfast.gateway.retry.RetryBudget;
import dev.holdfast.gateway.routing.RoutingTable;
import dev.holdfast.model.topology.ClusterId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The load balancers and retry budgets of all clusters. Safe for use by many threads. */
public final class ClusterForwardings {

    private final Map<ClusterId, ClusterForwarding> clusters = new ConcurrentHashMap<>();
    private final ClusterLoadBalancer.Surroundings surroundings;
    private final LongSupplier nanoClock;

    public ClusterForwardings(ClusterLoadBalancer.Surroundings surroundings, LongSupplier nanoClock) {
        this.surroundings = surroundings;
        this.nanoClock = nanoClock;
    }

    ClusterForwarding of(ClusterId cluster) {
        ClusterForwarding known = clusters.get(cluster);
        return known != null ? known : clusters.computeIfAbsent(cluster, this::make);
    }

    private ClusterForwarding make(ClusterId cluster) {
        return new ClusterForwarding(new ClusterLoadBalancer(cluster, surroundings), new RetryBudget(nanoClock));
    }

    /** Forgets the clusters that are gone. */
    public void tableChanged(RoutingTable now) {
        clusters.keySet().removeIf(cluster -> now.cluster(cluster) == null);
    }
}
