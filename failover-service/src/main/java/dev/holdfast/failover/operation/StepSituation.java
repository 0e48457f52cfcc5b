package dev.holdfast.failover.operation;

import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.operation.OperationStep;
import dev.holdfast.model.operation.OperationType;
import dev.holdfast.model.operation.StepState;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RestartHook;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** One step among the facts: the questions that guards, actions and accounts ask. */
record StepSituation(Progress progress, OperationStep step) {

    OperationSnapshot snapshot() {
        return progress.snapshot();
    }

    StepKind kind() {
        return StepKind.of(step);
    }

    NodeId nodeId() {
        return step.node().orElseThrow(() -> new IllegalStateException("step " + step.kind() + " names no node"));
    }

    Optional<Node> node() {
        return progress.node(nodeId());
    }

    ClusterState.Members members() {
        return snapshot().cluster().orElseThrow(() -> new IllegalStateException("the cluster is gone"));
    }

    OperationParameters parameters() {
        return progress.parameters();
    }

    Optional<RestartHook> hook() {
        return snapshot().cluster().flatMap(found -> found.cluster().settings().restart());
    }

    boolean isAdministered(AdminState state) {
        return node().filter(node -> node.adminState() == state).isPresent();
    }

    /** Whether the operation is to end early: cancelled, or failed at some step. */
    boolean isStopping() {
        return progress.state() == OperationState.CANCELLING || progress.hasFailed();
    }

    /** Whether an operation that ends early still needs this step to leave the node in a safe state. */
    boolean isNeededForSafety() {
        boolean intact = !progress.hasFailed(nodeId());
        return switch (kind()) {
            case WITHDRAW -> true;
            case ENABLE -> intact && (hasStarted(StepKind.DRAIN) || hasStarted(StepKind.RESTART));
            case AWAIT_ANSWERS -> intact && hasStarted(StepKind.RESTART);
            case AWAIT_PEERS, DRAIN, AWAIT_IDLE, MAINTENANCE, RESTART, AWAIT_TRAFFIC -> false;
        };
    }

    /**
     * Whether the step, the first of its node that has not ended, may start: the nodes begin in order, a few at a time in
     * one zone.
     */
    boolean hasTurn() {
        return kind() != StepKind.AWAIT_PEERS || nodeHasTurn();
    }

    private boolean nodeHasTurn() {
        Set<NodeId> underWay = progress.nodesUnderWay();
        return progress.isNextToBegin(step)
                && underWay.size() < parameters().maxUnavailable().orElse(1)
                && underWay.stream()
                        .flatMap(other -> progress.node(other).stream())
                        .allMatch(other -> node().filter(own -> RestartOrder.shareZone(own, other))
                                .isPresent());
    }

    long peersInService() {
        return progress.peersInService(nodeId());
    }

    long peersNeeded() {
        return progress.peersNeeded(nodeId());
    }

    /** Whether the node may leave service. */
    boolean hasEnoughPeers() {
        return peersInService() >= peersNeeded();
    }

    /** Whether the admin state that an earlier step brought about is no longer in force. */
    boolean isChangedByOthers() {
        return switch (kind()) {
            case AWAIT_IDLE -> !isAdministered(AdminState.DRAINING);
            // The order of this very step may have been carried out already.
            case MAINTENANCE -> isAdministered(AdminState.ENABLED);
            case RESTART, AWAIT_ANSWERS -> !isAdministered(AdminState.MAINTENANCE);
            case AWAIT_TRAFFIC -> !isAdministered(AdminState.ENABLED);
            case AWAIT_PEERS, DRAIN, ENABLE, WITHDRAW -> false;
        };
    }

    /** When the step's time is up. Never just because its runner was away. */
    Instant deadline() {
        Duration bound = bound();
        Instant planned = step.startedAt().orElse(snapshot().now()).plus(bound);
        Duration grace = snapshot().limits().resumeGrace();
        Instant afterGap = snapshot().watchedSince().plus(bound.compareTo(grace) < 0 ? bound : grace);
        return planned.isAfter(afterGap) ? planned : afterGap;
    }

    /** How long the step may take. */
    Duration bound() {
        Limits limits = snapshot().limits();
        OperationParameters asked = parameters();
        return switch (kind()) {
            case AWAIT_PEERS -> limits.peersTimeout();
            case DRAIN, MAINTENANCE, ENABLE, WITHDRAW -> limits.orderTimeout();
            case AWAIT_IDLE ->
                asked.timeout().orElseGet(() -> members().cluster().settings().drainTimeout());
            case RESTART ->
                asked.restartTimeout()
                        .orElseGet(() -> hook().map(hook -> longer(limits.restartTimeout(), hook.timeout()))
                                .orElse(limits.confirmationTimeout()));
            case AWAIT_ANSWERS -> asked.restartTimeout().orElse(limits.restartTimeout());
            case AWAIT_TRAFFIC ->
                snapshot().operation().type() == OperationType.ENABLE
                        ? asked.timeout().orElse(limits.healthyTimeout())
                        : asked.healthyTimeout().orElse(limits.healthyTimeout());
        };
    }

    private boolean hasStarted(StepKind other) {
        return progress.stepsOf(nodeId()).stream()
                .anyMatch(any -> StepKind.of(any) == other && any.startedAt().isPresent());
    }

    static boolean isEnded(StepState state) {
        return state != StepState.PENDING && state != StepState.RUNNING;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
