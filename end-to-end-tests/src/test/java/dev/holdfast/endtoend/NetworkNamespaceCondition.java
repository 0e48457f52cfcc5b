package dev.holdfast.endtoend;

import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips tests where the system lets nobody make networks, and says so. */
final class NetworkNamespaceCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<String> obstacle = NetworkNamespace.obstacle();
        if (obstacle.isEmpty()) {
            return ConditionEvaluationResult.enabled("networks can be cut");
        }
        System.out.println("SKIPPED " + context.getDisplayName() + ": " + obstacle.get());
        return ConditionEvaluationResult.disabled(obstacle.get());
    }
}
