package dev.holdfast.gateway.ejection;

import dev.holdfast.gateway.routing.RoutedCluster;
import dev.holdfast.gateway.routing.Target;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Ejection;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts the failures of one cluster's nodes and holds who is ejected. */
final class ClusterEjections {

    private static final Logger log = LoggerFactory.getLogger(ClusterEjections.class);

    private final ClusterId cluster;
    private final Map<NodeId, FailureCount> counts = new ConcurrentHashMap<>();
    private volatile EjectedNodes ejected = EjectedNodes.NONE;

    ClusterEjections(ClusterId cluster) {
        this.cluster = cluster;
    }

    EjectedNodes at(long now) {
        EjectedNodes held = ejected;
        return held.anyOverAt(now) ? endThoseOver(now) : held;
    }

    private synchronized EjectedNodes endThoseOver(long now) {
        if (ejected.anyOverAt(now)) {
            ejected = ejected.without(now);
            log.info("cluster {}: an ejection has ended; still ejected: {}", cluster, ejected.size());
        }
        return ejected;
    }

    void succeeded(NodeId node) {
        FailureCount count = counts.get(node);
        if (count != null && count.inARow > 0) {
            synchronized (this) {
                count.inARow = 0;
            }
        }
    }

    synchronized boolean failed(RoutedCluster routed, NodeId node, Instant wallClock, long now) {
        FailureCount count = counts.computeIfAbsent(node, absent -> new FailureCount());
        count.inARow++;
        EjectedNodes held = at(now);
        Target target = routed.serving(node);
        if (target == null || !target.healthy() || held.contains(node)) {
            return false;
        }
        Ejection settings = routed.settings().ejection();
        int earlier = count.ejections == 0
                ? 0
                : EjectionDecider.remembered(settings, count.ejections, Duration.ofNanos(now - count.lastEnd));
        Optional<Duration> decided = EjectionDecider.decide(settings, facts(routed, node, count.inARow, earlier));
        decided.ifPresent(time -> {
            count.ejections = earlier + 1;
            count.lastEnd = now + time.toNanos();
            ejected = held.with(node, new EjectedNodes.End(count.lastEnd, wallClock.plus(time)));
            log.warn(
                    "cluster {}: node {} ejected for {} after {} failures in a row", cluster, node, time, count.inARow);
        });
        return decided.isPresent();
    }

    private EjectionDecider.Facts facts(RoutedCluster routed, NodeId node, int inARow, int earlier) {
        int alreadyEjected = 0;
        int others = 0;
        for (Target target : routed.serving()) {
            if (ejected.contains(target.id())) {
                alreadyEjected++;
            } else if (target.healthy() && !target.id().equals(node)) {
                others++;
            }
        }
        return new EjectionDecider.Facts(inARow, earlier, routed.serving().size(), alreadyEjected, others);
    }

    synchronized void forget(Predicate<NodeId> which) {
        counts.keySet().removeIf(which);
        EjectedNodes left = ejected.without(which);
        if (left.size() < ejected.size()) {
            log.info("cluster {}: an ejection has ended early; still ejected: {}", cluster, left.size());
            ejected = left;
        }
    }

    /** Guarded by the enclosing instance, but for the one unlocked look at {@code inARow}. */
    private static final class FailureCount {

        // Not reset by an ejection: a node that comes back and fails its first request goes out again at once.
        private volatile int inARow;
        private int ejections;
        private long lastEnd;
    }
}
