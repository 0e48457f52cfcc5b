package dev.holdfast.health.observer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.health.isolation.IsolationSettings;
import dev.holdfast.health.probe.CheckTarget;
import dev.holdfast.health.watch.FormerLife;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.health.NodeOpinion;
import dev.holdfast.model.health.Observer;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.health.ProbeOutcome;
import dev.holdfast.model.health.ProbeResult;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.JournalFilter;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.model.store.ObserverRegistry;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Balancing;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.ClusterSettings;
import dev.holdfast.model.topology.Ejection;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.FailoverTraits;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Redundancy;
import dev.holdfast.model.topology.Region;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.Retries;
import dev.holdfast.model.topology.ZoneId;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

/** Observers, nodes and a store in seeded virtual time: nothing sleeps, and the same seed gives the same run. */
final class SimulatedWorld {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    static final RegionId REGION = new RegionId("local");

    static final ZoneId ZONE = new ZoneId("a");

    /** Chooses how a node answers one check. */
    interface NodeBehaviour {

        ProbeOutcome answer(ObserverId asking, Duration now);
    }

    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final InstantSource clock = () -> START.plusNanos(time.now(TimeUnit.NANOSECONDS));
    final InMemoryClusterStateStore store = new InMemoryClusterStateStore(clock);
    final Random random;
    final Map<ObserverId, Member> members = new HashMap<>();
    final Map<NodeId, NodeBehaviour> behaviours = new HashMap<>();

    SimulatedWorld(long seed) {
        this.random = new Random(seed);
    }

    /** One replica of the health-service. */
    final class Member {

        final ObserverSettings settings;
        final Set<Cut> cuts = new HashSet<>();
        ObserverAtWork work;

        Member(ObserverSettings settings) {
            this.settings = settings;
            this.work = begin();
        }

        private ObserverAtWork begin() {
            registry().heartbeat(settings.id(), settings.location(), settings.declared());
            Surroundings world = new Surroundings(
                    new CutStore(store, () -> cuts.contains(Cut.STORE)),
                    registry(),
                    this::probe,
                    time,
                    time,
                    time,
                    () -> time.now(TimeUnit.NANOSECONDS),
                    clock,
                    new Random(random.nextLong()),
                    new SimpleMeterRegistry());
            ObserverAtWork begun = new ObserverAtWork(
                    settings,
                    new IsolationSettings(Duration.ofSeconds(10), 3),
                    world,
                    store.read(view -> FormerLife.of(settings.id(), view)));
            begun.follow(store.read(ClusterStateReplica::readAll));
            begun.start();
            return begun;
        }

        void follow() {
            work.follow(store.read(ClusterStateReplica::readAll));
        }

        void restart() {
            work.dispose();
            work = begin();
        }

        private ObserverRegistry registry() {
            return (id, location, declared) -> {
                if (cuts.contains(Cut.STORE)) {
                    throw CutStore.unavailable();
                }
                return store.heartbeat(id, location, declared);
            };
        }

        private Mono<ProbeResult> probe(CheckTarget target) {
            return Mono.defer(() -> {
                Duration now = now();
                ProbeOutcome outcome = cuts.contains(Cut.NODES)
                        ? ProbeOutcome.TIMEOUT
                        : behaviours
                                .getOrDefault(target.node(), (asking, at) -> ProbeOutcome.SUCCESS)
                                .answer(settings.id(), now);
                Duration latency = outcome == ProbeOutcome.TIMEOUT
                        ? target.check().timeout()
                        : Duration.ofMillis(1 + random.nextInt(5));
                return Mono.delay(latency, time)
                        .map(done -> new ProbeResult(outcome, clock.instant(), latency, "simulated"));
            });
        }
    }

    enum Cut {
        NODES,
        STORE
    }

    Duration now() {
        return Duration.ofNanos(time.now(TimeUnit.NANOSECONDS));
    }

    Member observer(String name, int declared) {
        Member member = new Member(new ObserverSettings(new ObserverId(name), "zone-" + name, declared));
        members.put(member.settings.id(), member);
        return member;
    }

    List<Member> observers(int count) {
        List<Member> all = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            all.add(observer("health-" + i, count));
        }
        return all;
    }

    void declare(String cluster, HealthCheck check, int nodes) {
        store.change(change -> {
            change.record(JournalEntry.of(EventType.CLUSTER_DECLARED, "test", "declared")
                    .about(REGION)
                    .about(new ClusterId(cluster)));
            if (change.region(REGION).isEmpty()) {
                change.put(new Region(REGION, "Local", List.of(ZONE), Map.of(), Revision.NONE));
            }
            Revision version =
                    change.cluster(new ClusterId(cluster)).map(Cluster::version).orElse(Revision.NONE);
            change.put(new Cluster(new ClusterId(cluster), settings(check), version));
            for (int i = 1; i <= nodes; i++) {
                putNode(change, cluster, cluster + "-" + i);
            }
            return nodes;
        });
        follow();
    }

    void delete(NodeId node) {
        store.change(change -> {
            ClusterId cluster = change.node(node).orElseThrow().cluster();
            change.record(
                    JournalEntry.of(EventType.NODE_DELETED, "test", "deleted").about(cluster, node));
            change.delete(node);
            return node;
        });
    }

    void declareNode(String cluster, String name) {
        store.change(change -> {
            change.record(JournalEntry.of(EventType.NODE_DECLARED, "test", "declared")
                    .about(new ClusterId(cluster), new NodeId(name)));
            putNode(change, cluster, name);
            return name;
        });
    }

    /** Gives the node another address, as the region-service does. */
    void move(String name, Endpoint to) {
        store.change(change -> {
            Node node = change.node(new NodeId(name)).orElseThrow();
            change.record(
                    JournalEntry.of(EventType.NODE_DECLARED, "test", "moved").about(node.cluster(), node.id()));
            change.delete(node.id());
            return change.put(newNode(node.cluster().value(), name, to));
        });
    }

    List<NodeOpinion> opinionsOn(String node) {
        return store.read(view -> view.opinionsOn(new NodeId(node)));
    }

    private static void putNode(StateChange change, String cluster, String name) {
        if (change.node(new NodeId(name)).isEmpty()) {
            change.put(newNode(cluster, name, new Endpoint("10.0.0.1", 8080)));
        }
    }

    private static Node newNode(String cluster, String name, Endpoint address) {
        return new Node(
                new NodeId(name),
                new ClusterId(cluster),
                REGION,
                ZONE,
                address,
                1,
                FailoverTraits.DEFAULT,
                Map.of(),
                AdminState.ENABLED,
                Optional.of(0L),
                Revision.NONE);
    }

    static ClusterSettings settings(HealthCheck check) {
        return new ClusterSettings(
                Redundancy.ACTIVE_ACTIVE,
                List.of(),
                check,
                Balancing.DEFAULT,
                Retries.DEFAULT,
                Ejection.DEFAULT,
                ClusterSettings.DEFAULT_DRAIN_TIMEOUT,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Tells every observer of the topology as it stands. */
    void follow() {
        members.values().forEach(Member::follow);
    }

    void advance(Duration by) {
        time.advanceTimeBy(by);
    }

    NodeHealth health(String node) {
        return store.read(view -> view.health(new NodeId(node)).orElseThrow());
    }

    List<NodeHealth> allHealth() {
        return store.read(view -> view.health());
    }

    List<Observer> allObservers() {
        return store.read(view -> view.observers());
    }

    /** The events of these types, oldest first. */
    List<JournalEvent> events(EventType... types) {
        JournalFilter filter = new JournalFilter(
                Set.of(types),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return store.read(view -> view.journal(filter, Optional.empty(), 10_000))
                .reversed();
    }

    List<JournalEvent> verdicts() {
        return events(
                EventType.NODE_BECAME_HEALTHY, EventType.NODE_BECAME_UNHEALTHY, EventType.NODE_HEALTH_BECAME_UNKNOWN);
    }

    void assertAllHealthy() {
        assertThat(allHealth())
                .isNotEmpty()
                .allSatisfy(health -> assertThat(health.routable()).isTrue());
    }
}
