package dev.holdfast.failover.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.agent.OrderAction;
import dev.holdfast.api.agent.PostgresState;
import dev.holdfast.failover.agent.AgentSurvey;
import dev.holdfast.failover.promotion.OperatorRequest;
import dev.holdfast.failover.report.FailoverMetrics;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.replication.PauseEverywhere;
import dev.holdfast.model.replication.Refusal;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.store.StoreFixtures;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    private static final NodeId A = PretendedClusters.node(DB, "a");
    private static final NodeId B = PretendedClusters.node(DB, "b");
    private static final NodeId C = PretendedClusters.node(DB, "c");
    private static final PrimaryTimings TIMINGS =
            new PrimaryTimings(Duration.ofMillis(20), Duration.ofMillis(500), Duration.ofMillis(20));

    private final PretendedClusters world = new PretendedClusters();
    private final InMemoryClusterStateStore store = world.store;
    private final ExecutorService orders = Executors.newVirtualThreadPerTaskExecutor();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<AutoCloseable> running = new ArrayList<>();
    private final FailoverDesk desk = new FailoverDesk(store, new AgentSurvey(world.calls, System::nanoTime));

    PrimaryKeepingTest() {
        world.declare(DB.value());
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

        await(() -> registry.find("holdfast.failover.ended")
                        .tags("cluster", "db", "kind", "automatic_failover", "outcome", "completed")
                        .counter()
                != null);
        assertThat(registry.get("holdfast.failover.outage").timer().count()).isOne();
        assertThat(registry.get("holdfast.failover.epoch").gauge().value()).isEqualTo((double) epoch());

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

        FailoverDesk.Outcome first = request(epoch -> new OperatorRequest.Switchover(epoch, "me", Optional.of(C), ""));
        FailoverDesk.Outcome second =
                request(epoch -> new OperatorRequest.Switchover(epoch, "you", Optional.of(B), ""));

        assertThat(first.refused()).isEmpty();
        assertThat(second.refused().map(Refusal::code)).contains(Refusal.Code.OPERATION_RUNS);
        await(() -> agent(C).isPrimary() && world.isWhole(DB));
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
    void aScheduledSwitchoverBeginsWhenItIsDueByWhicheverReplicaKeepsTheCluster() throws Exception {
        PrimaryLoop first = replica();
        awaitSteady();
        schedule(Duration.ofHours(3), Optional.of(C));
        first.close();
        replica();
        world.skip(Duration.ofHours(2));
        await(() -> world.isWhole(DB));
        assertThat(primary().scheduled()).isPresent();
        assertThat(epoch()).isEqualTo(1);

        world.skip(Duration.ofHours(1));
        await(() -> agent(C).isPrimary() && world.isWhole(DB));

        assertThat(primary().scheduled()).isEmpty();
        assertThat(world.events(DB))
                .filteredOn(event -> event.entry().type() == EventType.FAILOVER_STARTED)
                .singleElement()
                .satisfies(event -> assertThat(event.entry().actor()).isEqualTo("me"));
    }

    @Test
    void aScheduledSwitchoverWaitsAMinuteForWhatItLacksAndIsThenRefused() throws InterruptedException {
        replica();
        awaitSteady();
        schedule(Duration.ofHours(1), Optional.of(C));
        world.setAdminState(C, AdminState.MAINTENANCE);

        world.skip(Duration.ofHours(1));
        Thread.sleep(200);
        assertThat(primary().scheduled()).isPresent();
        assertThat(types()).doesNotContain(EventType.FAILOVER_REFUSED);

        world.skip(Keeping.PATIENCE);
        awaitDropped("NO_CANDIDATE", C + " may not be promoted");
        assertThat(agent(A).isPrimary()).isTrue();
    }

    @Test
    void aScheduledSwitchoverThatNothingKeptInTimeIsNotBegun() throws Exception {
        PrimaryLoop first = replica();
        awaitSteady();
        schedule(Duration.ofHours(1), Optional.empty());
        first.close();

        world.skip(Duration.ofHours(1).plus(Keeping.LATEST).plusSeconds(1));
        replica();

        awaitDropped("TOO_LATE", "within 5 min");
        assertThat(epoch()).isEqualTo(1);
    }

    @Test
    void aScheduledSwitchoverIsVoidOnceAnotherNodeIsPrimary() {
        replica();
        awaitSteady();
        schedule(Duration.ofHours(1), Optional.of(B));
        request(epoch -> new OperatorRequest.Switchover(epoch, "you", Optional.of(C), ""));
        await(() -> agent(C).isPrimary() && world.isWhole(DB));
        assertThat(primary().scheduled()).isPresent();

        world.skip(Duration.ofHours(1));

        awaitDropped("STALE_EPOCH", C + " has become primary since");
        assertThat(agent(C).isPrimary()).isTrue();
    }

    @Test
    void aPauseEverywhereHoldsAlsoInAClusterDeclaredLater() {
        change(change -> {
            change.record(StoreFixtures.entry(EventType.FAILOVER_PAUSED));
            return change.put(
                    new PauseEverywhere(new ClusterPrimary.Pause("me", "storm", change.now()), Revision.NONE));
        });
        ClusterId later = world.declare("later");
        replica();
        world.await(later, () -> world.isWhole(later));
        NodeId lost = PretendedClusters.node(later, "a");

        world.agent(lost).die();
        world.verdict(later, lost, HealthStatus.UNHEALTHY);
        world.await(later, () -> world.phase(later) == FailoverPhase.BLOCKED);
        assertThat(world.primary(later).record().blocked().map(Refusal::code)).contains(Refusal.Code.PAUSED);
        change(change -> {
            change.record(StoreFixtures.entry(EventType.FAILOVER_RESUMED));
            change.resumeEverywhere();
            return change.revision();
        });

        world.await(later, () -> world.phase(later) == FailoverPhase.STEADY && world.epoch(later) > 1);
    }

    @Test
    void aScheduledSwitchoverBeginsNotWhilePaused() {
        replica();
        awaitSteady();
        schedule(Duration.ofHours(1), Optional.empty());
        change(change -> FailoverDesk.pause(change, DB, "you", "upgrade"));

        world.skip(Duration.ofHours(1).plus(Keeping.PATIENCE));

        awaitDropped("PAUSED", "you has paused automatic failover: upgrade");
        assertThat(epoch()).isEqualTo(1);
    }

    private void schedule(Duration in, Optional<NodeId> target) {
        SwitchoverRequest request =
                new SwitchoverRequest(target, Optional.of(world.now().plus(in)), Optional.empty(), Optional.empty());
        change(change -> {
            FailoverDesk.Outcome outcome = FailoverDesk.schedule(change, DB, request, "me");
            assertThat(outcome.refused()).isEmpty();
            return outcome;
        });
    }

    private void awaitDropped(String code, String reason) {
        await(() -> primary().scheduled().isEmpty());
        assertThat(world.events(DB))
                .filteredOn(event -> event.entry().type() == EventType.FAILOVER_REFUSED)
                .singleElement()
                .satisfies(
                        event -> assertThat(event.entry().message()).contains("that me scheduled for", code, reason));
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
                world.calls,
                orders,
                TIMINGS,
                new PrimaryRunner.Self(
                        "replica-" + running.size(), System::nanoTime, new FailoverMetrics(registry, store)),
                Thread.ofPlatform().factory());
        copy.start();
        loop.start();
        running.add(loop);
        running.add(copy);
        return loop;
    }

    private FailoverDesk.Outcome request(LongFunction<OperatorRequest> request) {
        AgentSurvey.Answers answers = desk.survey(DB);
        return store.change(
                change -> desk.request(change, DB, answers, new FailoverDesk.Asked(Optional.empty(), request)));
    }

    private void change(Function<StateChange, ?> work) {
        store.change(work::apply);
    }

    private void verdict(NodeId node, HealthStatus status) {
        world.verdict(DB, node, status);
    }

    private PretendedAgent agent(NodeId node) {
        return world.agent(node);
    }

    private ClusterPrimary primary() {
        return world.primary(DB);
    }

    private long epoch() {
        return world.epoch(DB);
    }

    private List<EventType> types() {
        return world.types(DB);
    }

    private void awaitSteady() {
        await(() -> world.isWhole(DB));
    }

    private void await(BooleanSupplier condition) {
        world.await(DB, condition);
    }
}
