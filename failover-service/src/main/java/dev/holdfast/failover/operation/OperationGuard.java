package dev.holdfast.failover.operation;

import java.util.function.Predicate;

/** The conditions on which an operation takes an edge. */
enum OperationGuard {
    ALWAYS("always", progress -> true),
    OPERATOR_NEEDED("a step waits for an operator", OperationGuard::isOperatorNeeded),
    OPERATOR_NOT_NEEDED("no step waits for an operator any more", progress -> !isOperatorNeeded(progress)),
    ENDED_WITH_FAILURE(
            "every step has ended, one of them failed", progress -> progress.hasEnded() && progress.hasFailed()),
    ENDED("every step has ended", Progress::hasEnded);

    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // Each is a function of its argument alone.
    private final Predicate<Progress> condition;

    OperationGuard(String description, Predicate<Progress> condition) {
        this.description = description;
        this.condition = condition;
    }

    String description() {
        return description;
    }

    boolean holds(Progress progress) {
        return condition.test(progress);
    }

    private static boolean isOperatorNeeded(Progress progress) {
        return StepGuard.waitingForOperator(progress).findAny().isPresent();
    }
}
