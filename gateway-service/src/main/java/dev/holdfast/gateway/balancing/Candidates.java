package dev.holdfast.gateway.balancing;

import dev.holdfast.gateway.ejection.EjectedNodes;
import dev.holdfast.gateway.routing.RoutedCluster;
import dev.holdfast.gateway.routing.Target;
import java.util.List;

/**
 * The nodes that may get a cluster's next request.
 *
 * @param targets ordered by id; empty when nothing can take a request
 * @param panic too few serving nodes are available, so that all of them are candidates, failing ones too
 */
public record Candidates(List<Target> targets, boolean panic) {

    public Candidates {
        targets = List.copyOf(targets);
    }

    /** The healthy serving nodes that are not ejected, or all serving nodes when those are fewer than the panic threshold. */
    public static Candidates of(RoutedCluster cluster, EjectedNodes ejected) {
        List<Target> available = cluster.serving().stream()
                .filter(target -> target.healthy() && !ejected.contains(target.id()))
                .toList();
        int serving = cluster.serving().size();
        boolean panic = available.size() * 100 < cluster.settings().balancing().panicThreshold() * serving;
        return new Candidates(panic ? List.copyOf(cluster.serving()) : available, panic);
    }
}
