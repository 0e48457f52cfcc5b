package dev.holdfast.failover.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.GatewayNodeView;
import dev.holdfast.failover.operation.Decision.OperationMoved;
import dev.holdfast.failover.operation.Decision.StepMoved;
import dev.holdfast.failover.operation.Evidence.Checks;
import dev.holdfast.failover.operation.Evidence.GatewayAnswer;
import dev.holdfast.failover.operation.Evidence.RestartAnswer;
import dev.holdfast.failover.runner.Orders;
import dev.holdfast.failover.runner.SimulatedCluster;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationId;
import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.operation.OperationStep;
import dev.holdfast.model.operation.OperationType;
import dev.holdfast.model.operation.StepState;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.FailoverTraits;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Takes every edge of the table. A new edge fails here until there are facts that lead over it. */
class EdgesTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final NodeId NODE = SimulatedCluster.node(1);
    private static final Revision CHANGED = new Revision(7);

    /** The facts of one case; those not set are such that nothing happens. */
    private static final class Facts {
        private Instant now = START.plusMillis(1);
        private Trigger trigger = new Trigger.Tick();
        private OperationState state = OperationState.RUNNING;
        private boolean nodeThere = true;
        private boolean hook = true;
        private boolean healthy;
        private boolean peersHealthy;
        private boolean earlierStepsSkipped;
        private AdminState adminState = AdminState.ENABLED;
        private Evidence evidence = Evidence.NONE;
    }

    static Stream<StepEdge> stepEdges() {
        return Edges.TABLE.steps().stream();
    }

    static Stream<OperationEdge> operationEdges() {
        return Edges.TABLE.operations().stream();
    }

    @ParameterizedTest
    @MethodSource("stepEdges")
    void takesTheStepEdge(StepEdge edge) {
        OperationSnapshot snapshot = snapshot(edge.kind(), edge.from(), factsFor(edge));
        Decision decision = OperationDecider.decide(snapshot);
        assertThat(decision.taken())
                .anySatisfy(taken -> assertThat(taken)
                        .isInstanceOfSatisfying(
                                StepMoved.class,
                                moved -> assertThat(moved.edge()).isEqualTo(edge)));
        requireSound(snapshot, decision);
    }

    @ParameterizedTest
    @MethodSource("operationEdges")
    void takesTheOperationEdge(OperationEdge edge) {
        Facts facts = new Facts();
        facts.state = edge.from();
        facts.hook = false;
        facts.adminState = AdminState.MAINTENANCE;
        StepKind kind = StepKind.RESTART;
        StepState state = StepState.RUNNING;
        switch (edge.guard()) {
            case ALWAYS -> facts.trigger = new Trigger.Cancel("bob");
            case OPERATOR_NEEDED -> {}
            case OPERATOR_NOT_NEEDED -> facts.now = START.plus(Duration.ofDays(1));
            case ENDED_WITH_FAILURE -> {
                kind = StepKind.AWAIT_TRAFFIC;
                state = StepState.FAILED;
            }
            case ENDED -> {
                kind = StepKind.AWAIT_TRAFFIC;
                state = StepState.SUCCEEDED;
                facts.adminState = AdminState.ENABLED;
            }
        }
        OperationSnapshot snapshot = snapshot(kind, state, facts);
        Decision decision = OperationDecider.decide(snapshot);
        assertThat(decision.taken())
                .anySatisfy(taken -> assertThat(taken)
                        .isInstanceOfSatisfying(
                                OperationMoved.class,
                                moved -> assertThat(moved.edge()).isEqualTo(edge)));
        requireSound(snapshot, decision);
    }

    @Test
    void aTickWithoutAMatchingEdgeChangesNothingAndRepeatsTheAction() {
        Facts facts = new Facts();
        facts.adminState = AdminState.MAINTENANCE;
        OperationSnapshot snapshot = snapshot(StepKind.RESTART, StepState.RUNNING, facts);
        Decision decision = OperationDecider.decide(snapshot);
        assertThat(decision.changes()).isFalse();
        assertThat(decision.operation()).isEqualTo(snapshot.operation());
        assertThat(decision.journal()).isEmpty();
        assertThat(decision.actions()).hasSize(1).first().isInstanceOf(Action.CallRestartHook.class);
    }

    @Test
    void aFinalStateIsFinal() {
        for (OperationState state : OperationState.values()) {
            for (Trigger trigger : List.of(
                    new Trigger.Tick(), new Trigger.Cancel("bob"), new Trigger.Confirm("bob", Optional.empty()))) {
                Facts facts = new Facts();
                facts.state = state;
                facts.trigger = trigger;
                facts.now = START.plus(Duration.ofDays(1));
                Decision decision = OperationDecider.decide(snapshot(StepKind.DRAIN, StepState.RUNNING, facts));
                if (state.isFinal()) {
                    assertThat(decision.changes()).isFalse();
                    assertThat(decision.actions()).isEmpty();
                }
            }
        }
    }

    @Test
    void checksFromBeforeTheRestartDoNotCount() {
        Facts facts = new Facts();
        facts.adminState = AdminState.MAINTENANCE;
        facts.evidence = Evidence.NONE.withChecks(
                NODE, Checks.NONE.succeeded(START.minusMillis(1)).succeeded(START));
        assertThat(OperationDecider.decide(snapshot(StepKind.AWAIT_ANSWERS, StepState.RUNNING, facts))
                        .changes())
                .isFalse();
    }

    @Test
    void aGatewayWithAnOlderTableIsNotDrainedYet() {
        Facts facts = new Facts();
        facts.adminState = AdminState.DRAINING;
        facts.evidence = gateway(new Revision(CHANGED.value() - 1), 0);
        assertThat(OperationDecider.decide(snapshot(StepKind.AWAIT_IDLE, StepState.RUNNING, facts))
                        .changes())
                .isFalse();
    }

    @Test
    void aTableWithADuplicateOrAnEdgeOutOfAFinalStateIsRefused() {
        StepEdge step = Edges.TABLE.steps().getFirst();
        assertThatThrownBy(() -> new Edges(List.of(), List.of(step, step)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two edges");
        OperationEdge out = new OperationEdge(
                OperationState.FAILED, Trigger.Kind.TICK, OperationGuard.ALWAYS, OperationState.RUNNING, "never");
        assertThatThrownBy(() -> new Edges(List.of(out), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("final state");
        StepEdge outOfStep = new StepEdge(
                StepKind.DRAIN, StepState.SKIPPED, Trigger.Kind.TICK, StepGuard.HAS_TURN, StepState.RUNNING, "never");
        assertThatThrownBy(() -> new Edges(List.of(), List.of(outOfStep))).isInstanceOf(IllegalArgumentException.class);
    }

    /** What changes is journaled; a request goes no further than asked, and deciding again on a tick changes nothing. */
    private static void requireSound(OperationSnapshot snapshot, Decision decision) {
        assertThat(decision.journal()).isNotEmpty();
        if (snapshot.trigger().kind() != Trigger.Kind.TICK) {
            assertThat(decision.operation().state().isFinal()).isFalse();
            return;
        }
        OperationSnapshot again = new OperationSnapshot(
                snapshot.now(),
                snapshot.watchedSince(),
                new Trigger.Tick(),
                decision.operation(),
                snapshot.cluster(),
                snapshot.gateways(),
                snapshot.evidence(),
                snapshot.limits());
        assertThat(OperationDecider.decide(again).changes()).isFalse();
    }

    private static Facts factsFor(StepEdge edge) {
        Facts facts = new Facts();
        facts.adminState = switch (edge.kind()) {
            case AWAIT_PEERS, DRAIN, AWAIT_TRAFFIC, WITHDRAW -> AdminState.ENABLED;
            case AWAIT_IDLE, MAINTENANCE -> AdminState.DRAINING;
            case RESTART, AWAIT_ANSWERS, ENABLE -> AdminState.MAINTENANCE;
        };
        switch (edge.guard()) {
            case NODE_GONE -> facts.nodeThere = false;
            case NOT_NEEDED -> {
                facts.state = OperationState.CANCELLING;
                facts.earlierStepsSkipped = true;
            }
            case HAS_TURN -> {}
            case STOPPING -> facts.state = OperationState.CANCELLING;
            case STOPPING_BEFORE_CONFIRMATION -> {
                facts.state = OperationState.CANCELLING;
                facts.hook = false;
            }
            case ENOUGH_PEERS -> facts.peersHealthy = true;
            case IS_DRAINING -> facts.adminState = AdminState.DRAINING;
            case IS_IN_MAINTENANCE -> facts.adminState = AdminState.MAINTENANCE;
            case IS_ENABLED -> facts.adminState = AdminState.ENABLED;
            case CHANGED_BY_OTHERS ->
                facts.adminState = edge.kind() == StepKind.AWAIT_TRAFFIC ? AdminState.DRAINING : AdminState.ENABLED;
            case GATEWAYS_IDLE -> facts.evidence = gateway(CHANGED, 0);
            case RESTART_DONE -> facts.evidence = Evidence.NONE.withRestart(NODE, new RestartAnswer.Done());
            case RESTART_REFUSED -> facts.evidence = Evidence.NONE.withRestart(NODE, new RestartAnswer.Refused("403"));
            case CONFIRMED -> {
                facts.hook = false;
                facts.state = OperationState.WAITING_FOR_OPERATOR;
                facts.trigger = new Trigger.Confirm("bob", Optional.empty());
            }
            case ANSWERED ->
                facts.evidence = Evidence.NONE.withChecks(
                        NODE, Checks.NONE.succeeded(START).succeeded(START.plusSeconds(1)));
            case IS_READY -> facts.healthy = true;
            case TIME_IS_UP -> facts.now = START.plus(Duration.ofDays(1));
        }
        return facts;
    }

    private static Evidence gateway(Revision table, int outstanding) {
        return Evidence.NONE.withGateway(
                NODE,
                SimulatedCluster.GATEWAY,
                new GatewayAnswer.Answered(
                        new GatewayNodeView(NODE, table, true, false, outstanding, Optional.empty())));
    }

    private static OperationSnapshot snapshot(StepKind kind, StepState state, Facts facts) {
        List<OperationStep> steps = new ArrayList<>();
        for (StepKind any : StepKind.values()) {
            if (any == StepKind.WITHDRAW && kind != StepKind.WITHDRAW) {
                continue;
            }
            StepState its = any.compareTo(kind) < 0
                    ? facts.earlierStepsSkipped ? StepState.SKIPPED : StepState.SUCCEEDED
                    : any == kind ? state : StepState.PENDING;
            boolean started = its != StepState.PENDING && its != StepState.SKIPPED;
            steps.add(new OperationStep(
                    any.written(),
                    Optional.of(NODE),
                    its,
                    started ? Optional.of(START) : Optional.empty(),
                    Optional.empty(),
                    ""));
        }
        if (kind == StepKind.AWAIT_TRAFFIC && state == StepState.FAILED) {
            steps.add(new OperationStep(
                    StepKind.WITHDRAW.written(),
                    Optional.of(NODE),
                    StepState.SUCCEEDED,
                    Optional.of(START),
                    Optional.of(START),
                    ""));
        }
        Operation operation = new Operation(
                new OperationId(new UUID(0, 1)),
                OperationType.ROLLING_RESTART,
                SimulatedCluster.SHOP,
                Optional.empty(),
                facts.state,
                Orders.rollingRestart(1).parameters().asMap(),
                steps,
                "alice",
                START,
                Optional.empty(),
                Optional.empty(),
                new Revision(9));
        return new OperationSnapshot(
                facts.now,
                START,
                facts.trigger,
                operation,
                Optional.of(members(facts)),
                List.of(SimulatedCluster.GATEWAY),
                facts.evidence,
                SimulatedCluster.LIMITS);
    }

    private static ClusterState.Members members(Facts facts) {
        List<Node> nodes = new ArrayList<>();
        Map<NodeId, NodeHealth> health = new HashMap<>();
        for (int number = facts.nodeThere ? 1 : 2; number <= 3; number++) {
            NodeId id = SimulatedCluster.node(number);
            boolean own = id.equals(NODE);
            nodes.add(new Node(
                    id,
                    SimulatedCluster.SHOP,
                    new RegionId("eu"),
                    new ZoneId("a"),
                    new Endpoint("127.0.0.1", 8080 + number),
                    1,
                    FailoverTraits.DEFAULT,
                    Map.of(),
                    own ? facts.adminState : AdminState.ENABLED,
                    Optional.of(0L),
                    CHANGED));
            HealthStatus status =
                    (own ? facts.healthy : facts.peersHealthy) ? HealthStatus.HEALTHY : HealthStatus.UNHEALTHY;
            health.put(id, new NodeHealth(id, status, Optional.of(status), 0, START, "2 of 3", CHANGED));
        }
        return new ClusterState.Members(
                new Cluster(SimulatedCluster.SHOP, SimulatedCluster.settings(facts.hook), CHANGED),
                nodes,
                health,
                Optional.empty());
    }
}
