package dev.holdfast.failover.operation;

import dev.holdfast.model.operation.Operation;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One step among the facts: the questions that guards, actions and accounts ask. */
record StepSituation(OperationSnapshot snapshot, OperationStep step) {

    Operation operation() {
        return snapshot.operation();
    }

    StepKind kind() {
        return StepKind.of(step);
    }

    NodeId nodeId() {
        return step.node().orElseThrow(() -> new IllegalStateException("step " + step.kind() + " names no node"));
    }

    Optional<Node> node() {
        return node(nodeId());
    }

    ClusterState.Members members() {
        return snapshot.cluster().orElseThrow(() -> new IllegalStateException("the cluster is gone"));
    }

    OperationParameters parameters() {
        return OperationParameters.of(operation().parameters());
    }

    Optional<RestartHook> hook() {
        return snapshot.cluster().flatMap(found -> found.cluster().settings().restart());
    }

    boolean isAdministered(AdminState state) {
        return node().filter(node -> node.adminState() == state).isPresent();
    }

    /** Whether the operation is to end early: cancelled, or failed at some step. */
    boolean isStopping() {
        return operation().state() == OperationState.CANCELLING
                || operation().steps().stream().anyMatch(any -> any.state() == StepState.FAILED);
    }

    /** Whether an operation that ends early still needs this step to leave the node in a safe state. */
    boolean isNeededForSafety() {
        boolean intact = stepsOfNode().stream().noneMatch(any -> any.state() == StepState.FAILED);
        return switch (kind()) {
            case WITHDRAW -> true;
            case ENABLE -> intact && (hasStarted(StepKind.DRAIN) || hasStarted(StepKind.RESTART));
            case AWAIT_ANSWERS -> intact && hasStarted(StepKind.RESTART);
            case AWAIT_PEERS, DRAIN, AWAIT_IDLE, MAINTENANCE, RESTART, AWAIT_TRAFFIC -> false;
        };
    }

    /** Whether the step may start: the node's steps go one by one, the nodes in order, a few at a time in one zone. */
    boolean hasTurn() {
        boolean predecessorsEnded =
                stepsOfNode().stream().takeWhile(any -> !any.equals(step)).allMatch(any -> isEnded(any.state()));
        return predecessorsEnded && (kind() != StepKind.AWAIT_PEERS || nodeHasTurn());
    }

    private boolean nodeHasTurn() {
        boolean nobodyBefore = operation().steps().stream()
                .takeWhile(any -> !any.equals(step))
                .noneMatch(any -> StepKind.of(any) == StepKind.AWAIT_PEERS && any.state() == StepState.PENDING);
        Set<NodeId> underWay = nodesUnderWay();
        return nobodyBefore
                && underWay.size() < parameters().maxUnavailable().orElse(1)
                && underWay.stream()
                        .flatMap(other -> node(other).stream())
                        .allMatch(other -> node().filter(own -> RestartOrder.shareZone(own, other))
                                .isPresent());
    }

    /** The nodes with a step begun and a step not ended. */
    Set<NodeId> nodesUnderWay() {
        Set<NodeId> begun = new LinkedHashSet<>();
        Set<NodeId> unfinished = new LinkedHashSet<>();
        for (OperationStep any : operation().steps()) {
            if (any.startedAt().isPresent()) {
                any.node().ifPresent(begun::add);
            }
            if (!isEnded(any.state())) {
                any.node().ifPresent(unfinished::add);
            }
        }
        begun.retainAll(unfinished);
        return begun;
    }

    long peersInService() {
        Set<NodeId> leaving = new LinkedHashSet<>(nodesUnderWay());
        leaving.remove(nodeId());
        return Serving.peersInService(members(), nodeId(), leaving);
    }

    long peersNeeded() {
        return node().map(node -> Serving.peersNeeded(members(), node, parameters()))
                .orElse(0L);
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
        Instant planned = step.startedAt().orElse(snapshot.now()).plus(bound);
        Duration grace = snapshot.limits().resumeGrace();
        Instant afterGap = snapshot.watchedSince().plus(bound.compareTo(grace) < 0 ? bound : grace);
        return planned.isAfter(afterGap) ? planned : afterGap;
    }

    /** How long the step may take. */
    Duration bound() {
        Limits limits = snapshot.limits();
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
                operation().type() == OperationType.ENABLE
                        ? asked.timeout().orElse(limits.healthyTimeout())
                        : asked.healthyTimeout().orElse(limits.healthyTimeout());
        };
    }

    private Optional<Node> node(NodeId id) {
        return snapshot.cluster().stream()
                .flatMap(found -> found.nodes().stream())
                .filter(node -> node.id().equals(id))
                .findFirst();
    }

    private List<OperationStep> stepsOfNode() {
        return operation().steps().stream()
                .filter(any -> any.node().equals(step.node()))
                .toList();
    }

    private boolean hasStarted(StepKind other) {
        return stepsOfNode().stream()
                .anyMatch(any -> StepKind.of(any) == other && any.startedAt().isPresent());
    }

    static boolean isEnded(StepState state) {
        return state != StepState.PENDING && state != StepState.RUNNING;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
