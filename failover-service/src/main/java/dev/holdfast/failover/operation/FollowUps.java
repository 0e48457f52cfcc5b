package dev.holdfast.failover.operation;

import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.operation.OperationStep;
import dev.holdfast.model.operation.OperationType;
import dev.holdfast.model.operation.StepState;
import dev.holdfast.model.topology.NodeId;
import java.util.List;
import java.util.Optional;

/** Steps that were not planned and become needed to leave a node in a safe state. */
final class FollowUps {

    private FollowUps() {}

    /**
     * Adds what the node now needs: a cancelled drain or maintenance enables it again, and one that was restarted
     * and doesn't come back into service is withdrawn.
     */
    static void add(Progress progress, NodeId node) {
        List<OperationStep> steps = progress.stepsOf(node);
        for (OperationStep step : steps) {
            followUp(progress, step)
                    .filter(kind -> steps.stream().noneMatch(any -> StepKind.of(any) == kind))
                    .ifPresent(kind -> progress.add(OperationStep.pending(kind.written(), node)));
        }
    }

    private static Optional<StepKind> followUp(Progress progress, OperationStep step) {
        StepKind kind = StepKind.of(step);
        if (kind == StepKind.DRAIN && step.startedAt().isPresent() && progress.state() == OperationState.CANCELLING) {
            return Optional.of(StepKind.ENABLE);
        }
        if (kind == StepKind.AWAIT_TRAFFIC
                && step.state() == StepState.FAILED
                && progress.snapshot().operation().type() == OperationType.ROLLING_RESTART) {
            return Optional.of(StepKind.WITHDRAW);
        }
        return Optional.empty();
    }
}
