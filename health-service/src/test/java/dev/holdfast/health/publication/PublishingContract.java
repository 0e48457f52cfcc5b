package dev.holdfast.health.publication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.health.isolation.IsolationSettings;
import dev.holdfast.health.opinion.Sighting;
import dev.holdfast.health.probe.CheckTarget;
import dev.holdfast.health.watch.FormerLife;
import dev.holdfast.health.watch.OpinionListener;
import dev.holdfast.health.watch.Watch;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.health.NodeOpinion;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.health.Opinion;
import dev.holdfast.model.health.ProbeOutcome;
import dev.holdfast.model.health.ProbeResult;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.JournalFilter;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.ObserverRegistry;
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
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Three observers publish at once, in real threads, whatever the store. */
abstract class PublishingContract {

    private static final ClusterId CLUSTER = new ClusterId("shop");

    private static final Endpoint ADDRESS = new Endpoint("10.0.0.1", 80);

    private static final int NODES = 60;

    private final List<Disposable> opened = new ArrayList<>();

    abstract ClusterStateStore store();

    abstract ObserverRegistry registry();

    @AfterEach
    void close() {
        opened.forEach(Disposable::dispose);
    }

    /** An observer whose checks are made up. */
    private final class Voter implements OpinionListener {

        final Watch watch;
        final OpinionPublisher publisher;

        Voter(String name) {
            ObserverId id = new ObserverId(name);
            registry().heartbeat(id, "here", 3);
            watch = new Watch(
                    id, new IsolationSettings(Duration.ofSeconds(10), 3), Clock.systemUTC(), this, FormerLife.NONE);
            Scheduler worker = Schedulers.newSingle(name, true);
            publisher = new OpinionPublisher(
                    id,
                    store(),
                    watch,
                    worker,
                    Clock.systemUTC(),
                    new PublicationMetrics(new SimpleMeterRegistry()),
                    FormerLife.NONE);
            opened.add(publisher);
            opened.add(worker);
            watch.following(
                    nodes().stream().collect(Collectors.toMap(Function.identity(), PublishingContract::target)));
        }

        void see(ProbeOutcome outcome, int times) {
            for (int i = 0; i < times; i++) {
                for (NodeId node : nodes()) {
                    Duration now = Duration.ofSeconds(10 + i);
                    watch.checked(
                            target(node),
                            new Sighting(outcome, now, now),
                            new ProbeResult(outcome, Clock.systemUTC().instant(), Duration.ZERO, "made up"));
                }
            }
        }

        @Override
        public void opinionChanged(NodeId node) {
            publisher().opinionChanged(node);
        }

        @Override
        public void isolationChanged() {
            publisher().isolationChanged();
        }

        @Override
        public void lookAround(Set<NodeId> nodes) {}

        @Override
        public void lookAgain(Set<NodeId> nodes) {}

        private OpinionPublisher publisher() {
            return publisher;
        }
    }

    @Test
    void eachVerdictIsCommittedOnceHoweverManyPublishAtOnce() throws Exception {
        declare();
        List<Voter> voters = List.of(new Voter("health-1"), new Voter("health-2"), new Voter("health-3"));
        atOnce(voters, voter -> voter.see(ProbeOutcome.SUCCESS, 1));
        await().atMost(Duration.ofSeconds(60)).until(() -> allAre(HealthStatus.HEALTHY) && settled());
        atOnce(voters, voter -> {
            voter.see(ProbeOutcome.REFUSED, 3);
            voter.publisher.sweepSoon();
        });
        await().atMost(Duration.ofSeconds(60)).until(() -> allAre(HealthStatus.UNHEALTHY) && settled());

        assertThat(eventsPerNode(EventType.NODE_BECAME_HEALTHY)).hasSize(NODES).containsOnlyKeys(nodes());
        assertThat(eventsPerNode(EventType.NODE_BECAME_HEALTHY).values()).containsOnly(1L);
        assertThat(eventsPerNode(EventType.NODE_BECAME_UNHEALTHY).values()).containsOnly(1L);
        List<NodeHealth> verdicts = store().read(view -> view.health());
        assertThat(verdicts).hasSize(NODES).allMatch(health -> health.incarnation() == 1);
        List<NodeOpinion> opinions = store().read(view -> view.opinions());
        assertThat(opinions).hasSize(3 * NODES).allMatch(opinion -> opinion.opinion() == Opinion.DOWN);
        assertThat(events(EventType.NODE_BECAME_UNHEALTHY).getFirst().entry().evidence())
                .containsKeys("quorum", "observers", "incarnation", "votingObservers");
    }

    @Test
    void aNodeDeletedInTheRaceIsLeftOutAndTheOthersAreNot() {
        declare();
        Voter one = new Voter("health-1");
        Voter two = new Voter("health-2");
        NodeId gone = new NodeId("shop-7");
        store().change(change -> {
            change.record(
                    JournalEntry.of(EventType.NODE_DELETED, "test", "deleted").about(CLUSTER, gone));
            change.delete(gone);
            return gone;
        });
        one.see(ProbeOutcome.SUCCESS, 1);
        two.see(ProbeOutcome.SUCCESS, 1);
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            List<NodeHealth> verdicts = store().read(view -> view.health());
            return verdicts.size() == NODES - 1;
        });
        assertThat(eventsPerNode(EventType.NODE_BECAME_HEALTHY)).doesNotContainKey(gone);
    }

    private boolean allAre(HealthStatus status) {
        List<NodeHealth> verdicts = store().read(view -> view.health());
        return verdicts.size() == NODES && verdicts.stream().allMatch(health -> health.status() == status);
    }

    /** Whether the third observer's opinions have arrived too. */
    private boolean settled() {
        List<NodeOpinion> opinions = store().read(view -> view.opinions());
        Set<Opinion> kinds = opinions.stream().map(NodeOpinion::opinion).collect(Collectors.toSet());
        return opinions.size() == 3 * NODES && kinds.size() == 1;
    }

    private Map<NodeId, Long> eventsPerNode(EventType type) {
        return events(type).stream()
                .collect(Collectors.groupingBy(event -> event.entry().node().orElseThrow(), Collectors.counting()));
    }

    private List<JournalEvent> events(EventType type) {
        JournalFilter filter = new JournalFilter(
                Set.of(type),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return store().read(view -> view.journal(filter, Optional.empty(), 1_000));
    }

    private static void atOnce(List<Voter> voters, java.util.function.Consumer<Voter> action)
            throws InterruptedException {
        List<Thread> threads = voters.stream()
                .map(voter -> Thread.ofVirtual().start(() -> action.accept(voter)))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static Set<NodeId> nodes() {
        Set<NodeId> nodes = new HashSet<>();
        for (int i = 1; i <= NODES; i++) {
            nodes.add(new NodeId("shop-" + i));
        }
        return nodes;
    }

    private static CheckTarget target(NodeId node) {
        return new CheckTarget(node, CLUSTER, ADDRESS, HealthCheck.DEFAULT);
    }

    private void declare() {
        RegionId region = new RegionId("local");
        ZoneId zone = new ZoneId("a");
        ClusterSettings settings = new ClusterSettings(
                Redundancy.ACTIVE_ACTIVE,
                List.of(),
                HealthCheck.DEFAULT,
                Balancing.DEFAULT,
                Retries.DEFAULT,
                Ejection.DEFAULT,
                ClusterSettings.DEFAULT_DRAIN_TIMEOUT,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        store().change(change -> {
            change.record(JournalEntry.of(EventType.CLUSTER_DECLARED, "test", "declared")
                    .about(region)
                    .about(CLUSTER));
            change.put(new Region(region, "Local", List.of(zone), Map.of(), Revision.NONE));
            change.put(new Cluster(CLUSTER, settings, Revision.NONE));
            for (NodeId node : nodes()) {
                change.put(new Node(
                        node,
                        CLUSTER,
                        region,
                        zone,
                        ADDRESS,
                        1,
                        FailoverTraits.DEFAULT,
                        Map.of(),
                        AdminState.ENABLED,
                        Optional.empty(),
                        Revision.NONE));
            }
            return settings;
        });
    }
}
