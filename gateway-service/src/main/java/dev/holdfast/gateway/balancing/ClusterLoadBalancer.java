package dev.holdfast.gateway.balancing;

import dev.holdfast.gateway.ejection.EjectedNodes;
import dev.holdfast.gateway.ejection.Ejections;
import dev.holdfast.gateway.routing.CurrentTable;
import dev.holdfast.gateway.routing.RoutedCluster;
import dev.holdfast.gateway.routing.Target;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.DefaultResponse;
import org.springframework.cloud.client.loadbalancer.EmptyResponse;
import org.springframework.cloud.client.loadbalancer.Request;
import org.springframework.cloud.client.loadbalancer.Response;
import org.springframework.cloud.loadbalancer.core.ReactorServiceInstanceLoadBalancer;
import reactor.core.publisher.Mono;

/**
 * Picks nodes of one cluster by the table in force and the ejections. A request that carries {@link Tried} gets an
 * untried node, of an untried zone if there is one. Safe for use by many threads.
 */
public final class ClusterLoadBalancer implements ReactorServiceInstanceLoadBalancer {

    private static final Logger log = LoggerFactory.getLogger(ClusterLoadBalancer.class);

    private final ClusterId cluster;
    private final Surroundings surroundings;
    private volatile @Nullable Selection selection;

    /**
     * What load balancers look at.
     *
     * @param outstanding requests under way to a node
     * @param random for the policies that draw
     */
    public record Surroundings(
            CurrentTable table,
            Ejections ejections,
            ToIntFunction<NodeId> outstanding,
            Supplier<RandomGenerator> random) {}

    /** What picks are made from, as long as neither the cluster nor its ejections change. */
    private record Selection(RoutedCluster cluster, EjectedNodes ejected, Candidates candidates, Policy policy) {}

    public ClusterLoadBalancer(ClusterId cluster, Surroundings surroundings) {
        this.cluster = cluster;
        this.surroundings = surroundings;
    }

    @Override
    @SuppressWarnings("rawtypes") // As the interface declares it.
    public Mono<Response<ServiceInstance>> choose(Request request) {
        Tried tried = request.getContext() instanceof Tried context ? context : Tried.NONE;
        return Mono.fromSupplier(() ->
                pick(tried).<Response<ServiceInstance>>map(DefaultResponse::new).orElseGet(EmptyResponse::new));
    }

    /** Whether {@link #choose} would find an untried node now. */
    public boolean hasUntried(Tried tried) {
        Selection current = selection();
        return current != null
                && current.candidates().targets().stream().anyMatch(target -> !tried.includesNodeOf(target));
    }

    private Optional<NodeInstance> pick(Tried tried) {
        Selection current = selection();
        if (current == null) {
            return Optional.empty();
        }
        Target picked;
        if (tried.targets().isEmpty()) {
            picked = current.policy().pick(target -> true);
        } else {
            picked = current.policy().pick(target -> !tried.includesZoneOf(target));
            if (picked == null) {
                picked = current.policy().pick(target -> !tried.includesNodeOf(target));
            }
        }
        return Optional.ofNullable(picked)
                .map(target -> new NodeInstance(
                        current.cluster(), target, current.candidates().panic()));
    }

    private @Nullable Selection selection() {
        RoutedCluster routed = surroundings.table().get().cluster(cluster);
        if (routed == null) {
            return null;
        }
        EjectedNodes ejected = surroundings.ejections().of(cluster);
        Selection held = selection;
        return held != null && held.cluster() == routed && held.ejected() == ejected ? held : select(routed, ejected);
    }

    private synchronized Selection select(RoutedCluster routed, EjectedNodes ejected) {
        Selection held = selection;
        if (held != null && held.cluster() == routed && held.ejected() == ejected) {
            return held;
        }
        Candidates candidates = Candidates.of(routed, ejected);
        boolean panicked = held != null && held.candidates().panic();
        if (candidates.panic() && !panicked) {
            log.warn(
                    "cluster {}: less than {} % of its {} serving nodes can take requests; spreading over all of them",
                    cluster,
                    routed.settings().balancing().panicThreshold(),
                    routed.serving().size());
        } else if (panicked && !candidates.panic()) {
            log.info("cluster {}: enough nodes can take requests again", cluster);
        }
        Policy policy = policy(routed, candidates.targets(), held == null ? null : held.policy());
        Selection made = new Selection(routed, ejected, candidates, policy);
        selection = made;
        return made;
    }

    private Policy policy(RoutedCluster routed, List<Target> targets, @Nullable Policy earlier) {
        return switch (routed.settings().balancing().policy()) {
            case WEIGHTED_ROUND_ROBIN -> new WeightedRoundRobin(targets, earlier);
            case LEAST_REQUEST -> new LeastRequest(targets, surroundings.outstanding(), surroundings.random());
        };
    }
}
