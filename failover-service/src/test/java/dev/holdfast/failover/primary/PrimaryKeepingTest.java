package dev.holdfast.failover.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.agent.OrderAction;
import dev.holdfast.api.agent.PostgresState;
import dev.holdfast.failover.agent.AgentCalls;
import dev.holdfast.failover.agent.AgentSurvey;
import dev.holdfast.failover.promotion.OperatorRequest;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.replication.FailoverPolicy;
import dev.holdfast.model.replication.PostgresSettings;
import dev.holdfast.model.replication.Refusal;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.ClusterSettings;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.FailoverTraits;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Redundancy;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import dev.holdfast.store.StoreFixtures;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The keeping of primaries over the store's twin and pretended agents: what is stored, ordered and refused. */
class PrimaryKeepingTest {

    private static final ClusterId DB = new ClusterId("db");
    private static final NodeId A = new NodeId("db-a");
    private static final NodeId B = new NodeId("db-b");
    private static final NodeId C = new NodeId("db-c");
    private static final List<NodeId> NODES = List.of(A, B, C);
    private static final PrimaryTimings TIMINGS =
            new PrimaryTimings(Duration.ofMillis(20), Duration.ofMillis(500), Duration.ofMillis(20));

    private static final FailoverPolicy POLICY = new FailoverPolicy(
            FailoverPolicy.Durability.QUORUM,
            1,
            FailoverPolicy.OnCrash.FAIL_OVER,
            0L,
            new FailoverPolicy.Timing(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(100)),
            FailoverPolicy.Flapping.DEFAULT);

    private final InMemoryClusterStateStore store = new InMemoryClusterStateStore(InstantSource.system());
    private final Map<NodeId, PretendedAgent> agents = new HashMap<>();
    private final ExecutorService orders = Executors.newVirtualThreadPerTaskExecutor();
    private final List<AutoCloseable> running = new ArrayList<>();
    private final AgentCalls calls = address -> Objects.requireNonNull(agents.get(new NodeId(address.host())));
    private final FailoverDesk desk = new FailoverDesk(store, new AgentSurvey(calls, System::nanoTime));

    PrimaryKeepingTest() {
        NODES.forEach(node -> agents.put(node, new PretendedAgent(DB, node, agents)));
        store.change(change -> {
            change.record(StoreFixtures.entry(EventType.CLUSTER_DECLARED));
            change.put(StoreFixtures.region("eu", "a"));
            ClusterSettings plain = StoreFixtures.cluster("db").settings();
            change.put(new Cluster(
                    DB,
                    new ClusterSettings(
                            Redundancy.ACTIVE_PASSIVE,
                            List.of(),
                            plain.check(),
                            plain.balancing(),
                            plain.retries(),
                            plain.ejection(),
                            plain.drainTimeout(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(new PostgresSettings(POLICY, PostgresSettings.Listeners.NONE))),
                    Revision.NONE));
            NODES.forEach(node -> change.put(node(node)));
            return change.revision();
        });
        NODES.forEach(node -> verdict(node, HealthStatus.HEALTHY));
    }

    private static Node node(NodeId id) {
        return new Node(
                id,
                DB,
                new RegionId("eu"),
                new ZoneId("a"),
                new Endpoint(id.value(), 5432),
                1,
                new FailoverTraits(Optional.of(new Endpoint(id.value(), 8008)), 100, false),
                Map.of(),
                AdminState.ENABLED,
                Optional.of(0L),
                Revision.NONE);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : running) {
            one.close();
        }
        orders.close();
    }

    @Test
    void anEmptyClusterGetsAPrimaryStandbysAndAClaim() {
        replica();

        awaitSteady();

        assertThat(primary().record().reign().primary()).isEqualTo(A);
        assertThat(primary().record().reign().claimed()).isEqualTo(new Synchronous(1, Set.of(B, C)));
        assertThat(agent(B).followsOneOf(agent(A))).isTrue();
        assertThat(agent(C).followsOneOf(agent(A))).isTrue();
        assertThat(types()).contains(EventType.PRIMARY_APPOINTED, EventType.REPLICATION_CHANGED);
    }

    @Test
    void nothingIsCreatedWhileANodeIsSilent() throws InterruptedException {
        agent(C).die();
        replica();

        Thread.sleep(300);

        assertThat(agent(A).obeyed).isEmpty();
        assertThat(agent(B).obeyed).isEmpty();
        assertThat(desk.explain(DB).next()).singleElement().asString().contains("db-c");
    }

    @Test
    void aLostPrimaryIsReplacedAndRejoins() {
        replica();
        awaitSteady();
        long epoch = epoch();
        agent(A).write(100);

        agent(A).die();
        verdict(A, HealthStatus.UNHEALTHY);
        await(() -> primary().record().phase() == FailoverPhase.STEADY && epoch() > epoch);

        NodeId promoted = primary().record().reign().primary();
        assertThat(promoted).isIn(B, C);
        assertThat(agent(promoted).isPrimary()).isTrue();
        assertThat(types())
                .containsSubsequence(
                        EventType.PRIMARY_SUSPECTED,
                        EventType.FAILOVER_STARTED,
                        EventType.FAILOVER_PROMOTING,
                        EventType.PRIMARY_CHANGED,
                        EventType.FAILOVER_VERIFYING,
                        EventType.FAILOVER_RECOVERING,
                        EventType.FAILOVER_COMPLETED);

        agent(A).comeBack();
        verdict(A, HealthStatus.HEALTHY);
        await(() -> agent(A).followsOneOf(agent(promoted))
                && primary().record().reign().claimed().standbys().contains(A));
    }

    @Test
    void anotherReplicaGoesOnWithWhatOneHasBegun() throws Exception {
        PrimaryLoop first = replica();
        awaitSteady();
        // The first candidate can't be promoted while its orders get lost, so the failover stays begun.
        agent(A).die();
        agent(B).die();
        agent(C).die();
        verdict(A, HealthStatus.UNHEALTHY);
        agent(C).comeBack();
        agent(C).state = PostgresState.RUNNING;
        replica();
        await(() -> primary().record().phase() == FailoverPhase.BLOCKED);
        first.close();
        agent(B).comeBack();
        agent(B).state = PostgresState.RUNNING;

        await(() -> primary().record().phase() == FailoverPhase.STEADY);

        assertThat(primary().record().reign().primary()).isIn(B, C);
    }

    @Test
    void nothingIsDoneWhileTheStoreIsAway() throws InterruptedException {
        replica();
        awaitSteady();
        store.goAway();
        agent(A).die();
        int before = agent(B).obeyed.size() + agent(C).obeyed.size();

        Thread.sleep(300);

        assertThat(agent(B).obeyed.size() + agent(C).obeyed.size()).isEqualTo(before);
        store.comeBack();
        verdict(A, HealthStatus.UNHEALTHY);
        await(() -> !primary().record().reign().primary().equals(A)
                && primary().record().phase() == FailoverPhase.STEADY);
    }

    @Test
    void aSwitchoverGoesToTheTargetAndASecondOneIsRefusedMeanwhile() {
        replica();
        awaitSteady();

        FailoverDesk.Outcome first = request(epoch -> new OperatorRequest.Switchover(epoch, "me", Optional.of(C)));
        FailoverDesk.Outcome second = request(epoch -> new OperatorRequest.Switchover(epoch, "you", Optional.of(B)));

        assertThat(first.refused()).isEmpty();
        assertThat(second.refused().map(Refusal::code)).contains(Refusal.Code.OPERATION_RUNS);
        assertThat(types()).contains(EventType.FAILOVER_REFUSED);
    }

    @Test
    void whilePausedALostPrimaryStaysAndAnOperatorMayReplaceIt() {
        replica();
        awaitSteady();
        change(change -> FailoverDesk.pause(change, DB, "me", "upgrade"));
        agent(A).die();
        verdict(A, HealthStatus.UNHEALTHY);

        await(() -> primary().record().phase() == FailoverPhase.BLOCKED);
        assertThat(primary().record().blocked().map(Refusal::code)).contains(Refusal.Code.PAUSED);
        assertThat(agent(B).obeyed).noneMatch(order -> order.action() instanceof OrderAction.Detach);

        assertThat(request(epoch -> new OperatorRequest.Failover(epoch, "me", Optional.of(B), false, "go"))
                        .refused())
                .isEmpty();
        await(() -> agent(B).isPrimary() && primary().record().phase() == FailoverPhase.STEADY);
    }

    @Test
    void aClusterWithoutPrimaryAndAnUnknownOneAreProblems() {
        assertThatThrownBy(() -> store.read(view -> FailoverDesk.primary(view, DB)))
                .hasMessageContaining("has no primary yet");
        assertThatThrownBy(() -> store.read(view -> FailoverDesk.primary(view, new ClusterId("nowhere"))))
                .hasMessageContaining("no cluster");
    }

    private PrimaryLoop replica() {
        ClusterStateReplica copy = new ClusterStateReplica(
                store, ClusterState.EMPTY, Thread.ofPlatform().daemon().factory());
        PrimaryLoop loop = new PrimaryLoop(
                new PrimaryRunner.SharedState(store, store, copy),
                calls,
                orders,
                TIMINGS,
                "replica-" + running.size(),
                System::nanoTime,
                Thread.ofPlatform().factory());
        copy.start();
        loop.start();
        running.add(loop);
        running.add(copy);
        return loop;
    }

    private FailoverDesk.Outcome request(LongFunction<OperatorRequest> request) {
        AgentSurvey.Answers answers = desk.survey(DB);
        return store.change(change -> desk.request(change, DB, answers, Optional.empty(), request, "me"));
    }

    private void change(Function<StateChange, ?> work) {
        store.change(work::apply);
    }

    private void verdict(NodeId node, HealthStatus status) {
        store.change(change -> {
            change.record(StoreFixtures.entry(EventType.NODE_BECAME_HEALTHY).about(DB, node));
            return change.put(new NodeHealth(
                    node,
                    status,
                    Optional.of(status),
                    0,
                    change.now(),
                    "test",
                    change.health(node).map(NodeHealth::version).orElse(Revision.NONE)));
        });
    }

    private PretendedAgent agent(NodeId node) {
        return Objects.requireNonNull(agents.get(node));
    }

    private ClusterPrimary primary() {
        return store.<Optional<ClusterPrimary>>read(view -> view.primary(DB)).orElseThrow();
    }

    private long epoch() {
        return primary().record().number().epoch();
    }

    private List<EventType> types() {
        return store
                .<Optional<List<JournalEvent>>>read(view -> view.eventsAfter(Revision.NONE, 1000))
                .orElseThrow()
                .stream()
                .map(event -> event.entry().type())
                .toList();
    }

    private void awaitSteady() {
        await(() -> store.<Optional<ClusterPrimary>>read(view -> view.primary(DB))
                .filter(primary -> primary.record().phase() == FailoverPhase.STEADY
                        && primary.record().reign().claimed().standbys().size() == 2)
                .isPresent());
    }

    private void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("did not come about: "
                        + store.<List<ClusterPrimary>>read(view -> view.primaries()) + " after " + types() + "\n"
                        + desk.explain(DB));
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
