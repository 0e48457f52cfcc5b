package dev.holdfast.model.topology;

import static java.util.Objects.requireNonNullElse;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/**
 * How a gateway picks a node.
 *
 * @param policy default {@code WEIGHTED_ROUND_ROBIN}
 * @param panicThreshold percent of the serving nodes; when fewer than this share can take traffic, it spreads over all
 *     of them; default 50, 0 switches panic off
 */
public record Balancing(
        BalancingPolicy policy, @Min(0) @Max(100) Integer panicThreshold) {

    public static final Balancing DEFAULT = new Balancing(BalancingPolicy.WEIGHTED_ROUND_ROBIN, 50);

    public Balancing {
        policy = requireNonNullElse(policy, BalancingPolicy.WEIGHTED_ROUND_ROBIN);
        panicThreshold = requireNonNullElse(panicThreshold, 50);
    }
}
