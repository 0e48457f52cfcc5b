package dev.holdfast.gateway.ejection;

import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The nodes of a cluster that are ejected. Immutable; a new instance stands for every change. */
public final class EjectedNodes {

    public static final EjectedNodes NONE = new EjectedNodes(Map.of());

    /**
     * When an ejection ends.
     *
     * @param deadline by the monotonic clock, which decides
     * @param until by the wall clock, for people
     */
    record End(long deadline, Instant until) {}

    private final Map<NodeId, End> ends;

    EjectedNodes(Map<NodeId, End> ends) {
        this.ends = Map.copyOf(ends);
    }

    public boolean contains(NodeId node) {
        return ends.containsKey(node);
    }

    public Optional<Instant> until(NodeId node) {
        return Optional.ofNullable(ends.get(node)).map(End::until);
    }

    public int size() {
        return ends.size();
    }

    boolean anyOverAt(long now) {
        for (End end : ends.values()) {
            if (now - end.deadline() >= 0) {
                return true;
            }
        }
        return false;
    }

    EjectedNodes without(long overAt) {
        Map<NodeId, End> left = new HashMap<>(ends);
        left.values().removeIf(end -> overAt - end.deadline() >= 0);
        return new EjectedNodes(left);
    }

    EjectedNodes without(Predicate<NodeId> which) {
        Map<NodeId, End> left = new HashMap<>(ends);
        left.keySet().removeIf(which);
        return new EjectedNodes(left);
    }

    EjectedNodes with(NodeId node, End end) {
        Map<NodeId, End> more = new HashMap<>(ends);
        more.put(node, end);
        return new EjectedNodes(more);
    }
}
