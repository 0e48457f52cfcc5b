package dev.holdfast.failover.operation;

import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.operation.OperationStep;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Copies of an operation with one thing changed. */
final class Documents {

    private Documents() {}

    static Operation withSteps(Operation operation, List<OperationStep> steps) {
        return copy(operation, operation.state(), steps, operation.endedAt(), operation.outcome());
    }

    static Operation withState(Operation operation, OperationState state) {
        return copy(operation, state, operation.steps(), operation.endedAt(), operation.outcome());
    }

    static Operation ended(Operation operation, OperationState state, Instant at, String outcome) {
        return copy(operation, state, operation.steps(), Optional.of(at), Optional.of(outcome));
    }

    private static Operation copy(
            Operation operation,
            OperationState state,
            List<OperationStep> steps,
            Optional<Instant> endedAt,
            Optional<String> outcome) {
        return new Operation(
                operation.id(),
                operation.type(),
                operation.cluster(),
                operation.node(),
                state,
                operation.parameters(),
                steps,
                operation.startedBy(),
                operation.startedAt(),
                endedAt,
                outcome,
                operation.version());
    }
}
