package dev.holdfast.failover.operation;

import dev.holdfast.model.operation.OperationStep;
import dev.holdfast.model.operation.StepState;
import java.util.function.Predicate;

/** The conditions on which an operation takes an edge. */
enum OperationGuard {
    ALWAYS("always", snapshot -> true),
    OPERATOR_NEEDED("a step waits for an operator", OperationGuard::isOperatorNeeded),
    OPERATOR_NOT_NEEDED("no step waits for an operator any more", snapshot -> !isOperatorNeeded(snapshot)),
    ENDED_WITH_FAILURE(
            "every step has ended, one of them failed", snapshot -> hasEnded(snapshot) && hasFailed(snapshot)),
    ENDED("every step has ended", OperationGuard::hasEnded);

    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // Each is a function of its argument alone.
    private final Predicate<OperationSnapshot> condition;

    OperationGuard(String description, Predicate<OperationSnapshot> condition) {
        this.description = description;
        this.condition = condition;
    }

    String description() {
        return description;
    }

    boolean holds(OperationSnapshot snapshot) {
        return condition.test(snapshot);
    }

    private static boolean isOperatorNeeded(OperationSnapshot snapshot) {
        return snapshot.operation().steps().stream()
                .map(step -> new StepSituation(snapshot, step))
                .anyMatch(StepGuard::waitsForOperator);
    }

    private static boolean hasEnded(OperationSnapshot snapshot) {
        return snapshot.operation().steps().stream().map(OperationStep::state).allMatch(StepSituation::isEnded);
    }

    private static boolean hasFailed(OperationSnapshot snapshot) {
        return snapshot.operation().steps().stream().anyMatch(step -> step.state() == StepState.FAILED);
    }
}
