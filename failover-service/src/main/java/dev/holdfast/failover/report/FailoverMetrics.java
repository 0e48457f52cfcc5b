package dev.holdfast.failover.report;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.topology.ClusterId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the failovers that end while this replica keeps their cluster, whoever ended them, and times their outages, as the
 * journal tells them. Used by one thread.
 */
public final class FailoverMetrics {

    /** A failover has about eight events, and between two looks hardly more than one ends. */
    private static final int MAX_EVENTS = 200;

    private final MeterRegistry registry;
    private final ClusterStateStore store;
    private final Map<ClusterId, Kept> kept = new HashMap<>();

    /** @param counted the version of the primary up to which ended failovers are counted */
    private record Kept(AtomicLong epoch, Gauge gauge, Revision counted) {}

    public FailoverMetrics(MeterRegistry registry, ClusterStateStore store) {
        this.registry = registry;
        this.store = store;
    }

    /** Notes the primary of a cluster that is kept here, as stored. What had ended at the first call is not counted. */
    public void keeps(ClusterPrimary primary) {
        Kept before = kept.computeIfAbsent(primary.cluster(), cluster -> begin(cluster, primary.version()));
        before.epoch().set(primary.record().number().epoch());
        if (primary.version().isAfter(before.counted())) {
            count(primary, before.counted());
            kept.put(primary.cluster(), new Kept(before.epoch(), before.gauge(), primary.version()));
        }
    }

    /** The cluster is not kept here any more. */
    public void leaves(ClusterId cluster) {
        Optional.ofNullable(kept.remove(cluster)).ifPresent(known -> registry.remove(known.gauge()));
    }

    private Kept begin(ClusterId cluster, Revision version) {
        AtomicLong epoch = new AtomicLong();
        Gauge gauge = Gauge.builder("holdfast.failover.epoch", epoch, AtomicLong::get)
                .description("The epoch of a cluster that this replica keeps")
                .tag("cluster", cluster.value())
                .register(registry);
        return new Kept(epoch, gauge, version);
    }

    private void count(ClusterPrimary primary, Revision counted) {
        List<FailoverReport> reports =
                store.read(view -> FailoverReports.read(view, Optional.of(primary.cluster()), MAX_EVENTS));
        reports.stream()
                .filter(report -> report.endedAt().isPresent())
                .filter(report ->
                        report.newest().isAfter(counted) && !report.newest().isAfter(primary.version()))
                .forEach(this::ended);
    }

    private void ended(FailoverReport report) {
        String cluster = report.cluster().value();
        String kind = report.kind().toLowerCase(Locale.ROOT);
        Counter.builder("holdfast.failover.ended")
                .description("Failovers and switchovers that have ended")
                .tag("cluster", cluster)
                .tag("kind", kind)
                .tag("outcome", report.state().name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
        report.outage()
                .ifPresent(outage -> Timer.builder("holdfast.failover.outage")
                        .description("How long writes were not acknowledged")
                        .tag("cluster", cluster)
                        .tag("kind", kind)
                        .register(registry)
                        .record(outage));
    }
}
