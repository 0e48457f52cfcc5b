package dev.holdfast.api;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationId;
import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.operation.OperationStep;
import dev.holdfast.model.operation.OperationType;
import dev.holdfast.model.operation.StepState;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An operation as the API shows it.
 *
 * @param progressPercent steps done of all steps
 * @param cancellable whether a cancel would be taken now
 */
public record OperationView(
        OperationId id,
        OperationType type,
        ClusterId cluster,
        Optional<NodeId> node,
        OperationState state,
        int progressPercent,
        boolean cancellable,
        Map<String, Object> parameters,
        List<OperationStep> steps,
        String startedBy,
        Instant startedAt,
        Optional<Instant> endedAt,
        Optional<String> outcome,
        Revision version) {

    public static OperationView of(Operation operation) {
        long done = operation.steps().stream()
                .filter(step -> step.state() == StepState.SUCCEEDED || step.state() == StepState.SKIPPED)
                .count();
        int progress = operation.steps().isEmpty()
                ? 100
                : (int) (100 * done / operation.steps().size());
        boolean cancellable = !operation.state().isFinal() && operation.state() != OperationState.CANCELLING;
        return new OperationView(
                operation.id(),
                operation.type(),
                operation.cluster(),
                operation.node(),
                operation.state(),
                progress,
                cancellable,
                operation.parameters(),
                operation.steps(),
                operation.startedBy(),
                operation.startedAt(),
                operation.endedAt(),
                operation.outcome(),
                operation.version());
    }
}
