package dev.holdfast.gateway.balancing;

import dev.holdfast.gateway.routing.Target;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A rule for picking one of a fixed list of targets. Safe for use by many threads. */
sealed interface Policy permits WeightedRoundRobin, LeastRequest {

    /** One of the targets that are allowed; null when none is. */
    @Nullable
    Target pick(Predicate<Target> allowed);
}
