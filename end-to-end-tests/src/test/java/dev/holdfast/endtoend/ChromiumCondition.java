package dev.holdfast.endtoend;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips tests where there is no Chromium, but not where {@code CI=true}: there they run, and fail. */
final class ChromiumCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (Chromium.find().isPresent()) {
            return ConditionEvaluationResult.enabled("Chromium is installed");
        }
        if ("true".equals(System.getenv("CI"))) {
            return ConditionEvaluationResult.enabled("CI leaves no test out");
        }
        System.out.println("SKIPPED " + context.getDisplayName() + ": " + Chromium.MISSING);
        return ConditionEvaluationResult.disabled(Chromium.MISSING);
    }
}
