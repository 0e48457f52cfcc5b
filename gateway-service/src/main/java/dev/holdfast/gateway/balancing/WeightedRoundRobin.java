package dev.holdfast.gateway.balancing;

import dev.holdfast.gateway.routing.Target;
import dev.holdfast.model.topology.NodeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Smooth weighted round robin: in each round of as many picks as the weights add up to, every target is picked as often
 * as its weight says, and its picks lie spread over the round. Each pick gives every target credit by its weight, takes
 * the one with the most, and charges it the sum.
 */
final class WeightedRoundRobin implements Policy {

    private final Target[] targets;
    private final long[] credit;

    /** @param earlier whose place in the round is kept for the targets that stay */
    WeightedRoundRobin(List<Target> targets, @Nullable Policy earlier) {
        this.targets = targets.toArray(Target[]::new);
        this.credit = new long[this.targets.length];
        if (earlier instanceof WeightedRoundRobin before) {
            Map<NodeId, Long> kept = before.credits();
            for (int i = 0; i < credit.length; i++) {
                credit[i] = kept.getOrDefault(this.targets[i].id(), 0L);
            }
        }
    }

    @Override
    public synchronized @Nullable Target pick(Predicate<Target> allowed) {
        int best = -1;
        long sum = 0;
        for (int i = 0; i < targets.length; i++) {
            if (allowed.test(targets[i])) {
                credit[i] += targets[i].weight();
                sum += targets[i].weight();
                if (best < 0 || credit[i] > credit[best]) {
                    best = i;
                }
            }
        }
        if (best < 0) {
            return null;
        }
        credit[best] -= sum;
        return targets[best];
    }

    private synchronized Map<NodeId, Long> credits() {
        Map<NodeId, Long> credits = new HashMap<>();
        for (int i = 0; i < targets.length; i++) {
            credits.put(targets[i].id(), credit[i]);
        }
        return credits;
    }
}
