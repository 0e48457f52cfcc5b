package dev.holdfast.gateway.balancing;

import dev.holdfast.gateway.routing.Target;
import java.util.ArrayList;
import java.util.List;

/** The nodes that a request has been tried on, in order. */
public record Tried(List<Target> targets) {

    public static final Tried NONE = new Tried(List.of());

    public Tried {
        targets = List.copyOf(targets);
    }

    public Tried and(Target target) {
        List<Target> more = new ArrayList<>(targets);
        more.add(target);
        return new Tried(more);
    }

    boolean includesNodeOf(Target target) {
        return targets.stream().anyMatch(tried -> tried.id().equals(target.id()));
    }

    boolean includesZoneOf(Target target) {
        return targets.stream()
                .anyMatch(tried ->
                        tried.zone().equals(target.zone()) && tried.region().equals(target.region()));
    }
}
