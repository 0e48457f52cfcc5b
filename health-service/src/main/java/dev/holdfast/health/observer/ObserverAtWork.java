package dev.holdfast.health.observer;

import dev.holdfast.health.isolation.IsolationSettings;
import dev.holdfast.health.probe.CheckTarget;
import dev.holdfast.health.probe.ProbeMetrics;
import dev.holdfast.health.probe.ProbeScheduler;
import dev.holdfast.health.publication.OpinionPublisher;
import dev.holdfast.health.publication.PublicationMetrics;
import dev.holdfast.health.watch.FormerLife;
import dev.holdfast.health.watch.OpinionListener;
import dev.holdfast.health.watch.Watch;
import dev.holdfast.model.health.Opinion;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.Disposable;

/** One observer: checks what the topology names, holds opinions, and publishes them. */
final class ObserverAtWork implements OpinionListener, Disposable {

    private final Watch watch;
    private final ProbeScheduler checks;
    private final OpinionPublisher publisher;
    private final Heartbeat heartbeat;
    private Map<NodeId, Revision> versions = Map.of();

    ObserverAtWork(ObserverSettings self, IsolationSettings isolation, Surroundings world, FormerLife former) {
        this.watch = new Watch(self.id(), isolation, world.clock(), this, former);
        this.checks = new ProbeScheduler(
                world.prober(),
                watch,
                world.checkLoop(),
                world.nanoClock(),
                world.clock(),
                world.random(),
                new ProbeMetrics(world.meters()));
        this.publisher = new OpinionPublisher(
                self.id(),
                world.store(),
                watch,
                world.publishing(),
                world.clock(),
                new PublicationMetrics(world.meters()),
                former);
        this.heartbeat = new Heartbeat(self, world.registry(), publisher, world.heartbeats());
        registerGauges(world.meters());
    }

    void start() {
        checks.start();
        heartbeat.start();
    }

    /** Checks what this state names from now on. Called by one thread, in order of revisions. */
    void follow(ClusterState state) {
        checks.follow(CheckTarget.allIn(state));
        Map<NodeId, Revision> newest = state.clusters().values().stream()
                .flatMap(members -> members.nodes().stream())
                .collect(Collectors.toUnmodifiableMap(Node::id, Node::version));
        boolean changed = !newest.equals(versions);
        versions = newest;
        if (changed) {
            // A node deleted and declared anew between two looks at the feed has only its version to show for it. The
            // store has then lost what was published of it, whether or not other observers have brought about a
            // verdict since.
            publisher.sweepSoon();
        }
    }

    Watch watch() {
        return watch;
    }

    ProbeScheduler checks() {
        return checks;
    }

    @Override
    public void opinionChanged(NodeId node) {
        publisher.opinionChanged(node);
    }

    @Override
    public void isolationChanged() {
        publisher.isolationChanged();
    }

    @Override
    public void lookAround(Set<NodeId> nodes) {
        checks.lookAt(nodes);
    }

    @Override
    public void lookAgain(Set<NodeId> nodes) {
        checks.hint(nodes);
    }

    @Override
    public void dispose() {
        heartbeat.dispose();
        checks.dispose();
        publisher.dispose();
    }

    private void registerGauges(MeterRegistry meters) {
        for (Opinion opinion : Opinion.values()) {
            Gauge.builder("holdfast.health.opinions", watch, held -> held.count(opinion))
                    .description("Nodes of which this observer holds this opinion")
                    .tag("opinion", opinion.name().toLowerCase(Locale.ROOT))
                    .register(meters);
        }
        Gauge.builder(
                        "holdfast.health.isolated",
                        watch,
                        held -> held.isolation().isolated() ? 1 : 0)
                .description("Whether this observer believes itself cut off")
                .register(meters);
        Gauge.builder("holdfast.health.publish.backlog", publisher, OpinionPublisher::backlog)
                .description("Nodes whose opinion waits to be published")
                .register(meters);
    }
}
