package dev.holdfast.failover.operation;

import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.operation.OperationStep;
import dev.holdfast.model.operation.OperationType;
import dev.holdfast.model.operation.StepState;
import dev.holdfast.model.topology.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Steps that were not planned and become needed to leave a node in a safe state. */
final class FollowUps {

    /** The most that one decision adds: a failing one for each of the nodes under way, of which there are few. */
    static final int MOST = 100;

    private FollowUps() {}

    /**
     * The operation with what it now needs: a cancelled drain or maintenance enables the node again, and a restarted node
     * that doesn't come back into service is withdrawn. The same operation when nothing is missing.
     */
    static Operation added(Operation operation) {
        List<OperationStep> steps = new ArrayList<>(operation.steps());
        for (OperationStep step : operation.steps()) {
            followUp(operation, step)
                    .ifPresent(kind -> step.node()
                            .filter(node -> !contains(steps, kind, node))
                            .ifPresent(node -> steps.add(OperationStep.pending(kind.written(), node))));
        }
        return steps.size() == operation.steps().size() ? operation : Documents.withSteps(operation, steps);
    }

    private static Optional<StepKind> followUp(Operation operation, OperationStep step) {
        StepKind kind = StepKind.of(step);
        if (kind == StepKind.DRAIN && step.startedAt().isPresent() && operation.state() == OperationState.CANCELLING) {
            return Optional.of(StepKind.ENABLE);
        }
        if (kind == StepKind.AWAIT_TRAFFIC
                && step.state() == StepState.FAILED
                && operation.type() == OperationType.ROLLING_RESTART) {
            return Optional.of(StepKind.WITHDRAW);
        }
        return Optional.empty();
    }

    private static boolean contains(List<OperationStep> steps, StepKind kind, NodeId node) {
        return steps.stream()
                .anyMatch(step -> StepKind.of(step) == kind && step.node().equals(Optional.of(node)));
    }
}
