package dev.holdfast.gateway.balancing;

import dev.holdfast.gateway.routing.Target;
import dev.holdfast.model.topology.NodeId;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Draws two different targets, each as likely as its weight says, and picks the one with fewer outstanding requests. */
final class LeastRequest implements Policy {

    private final List<Target> targets;
    private final ToIntFunction<NodeId> outstanding;
    private final Supplier<RandomGenerator> random;

    LeastRequest(List<Target> targets, ToIntFunction<NodeId> outstanding, Supplier<RandomGenerator> random) {
        this.targets = targets;
        this.outstanding = outstanding;
        this.random = random;
    }

    @Override
    public @Nullable Target pick(Predicate<Target> allowed) {
        Target first = draw(allowed);
        if (first == null) {
            return null;
        }
        Target second = draw(allowed.and(target -> !target.equals(first)));
        return second != null && outstanding.applyAsInt(second.id()) < outstanding.applyAsInt(first.id())
                ? second
                : first;
    }

    private @Nullable Target draw(Predicate<Target> allowed) {
        int sum = 0;
        for (Target target : targets) {
            sum += allowed.test(target) ? target.weight() : 0;
        }
        if (sum == 0) {
            return null;
        }
        int left = random.get().nextInt(sum);
        for (Target target : targets) {
            left -= allowed.test(target) ? target.weight() : 0;
            if (left < 0) {
                return target;
            }
        }
        throw new IllegalStateException("a draw below the sum of the weights falls on a target");
    }
}
