package dev.holdfast.failover.runner;

import dev.holdfast.failover.operation.Decision;
import dev.holdfast.failover.operation.Evidence.RestartAnswer;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationStep;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts and times of operations. */
public final class OperationMetrics {

    private final MeterRegistry registry;
    private final AtomicInteger running = new AtomicInteger();

    public OperationMetrics(MeterRegistry registry) {
        this.registry = registry;
        Gauge.builder("holdfast.operations.running", running, AtomicInteger::get)
                .description("Operations that this replica runs")
                .register(registry);
    }

    void running(int operations) {
        running.set(operations);
    }

    /** Notes what was stored. */
    void stored(Decision decision) {
        for (Decision.Taken taken : decision.taken()) {
            switch (taken) {
                case Decision.StepMoved moved -> ended(moved.after());
                case Decision.OperationMoved moved -> ended(moved.after());
            }
        }
    }

    void ended(Operation operation) {
        if (operation.state().isFinal()) {
            Counter.builder("holdfast.operations")
                    .description("Operations that have ended")
                    .tag("type", written(operation.type()))
                    .tag("state", written(operation.state()))
                    .register(registry)
                    .increment();
        }
    }

    private void ended(OperationStep step) {
        step.startedAt()
                .ifPresent(start -> step.endedAt()
                        .ifPresent(end -> Timer.builder("holdfast.operations.step.duration")
                                .description("Steps that were begun, to their end")
                                .tag("step", step.kind())
                                .tag("state", written(step.state()))
                                .register(registry)
                                .record(Duration.between(start, end))));
    }

    void answered(RestartAnswer answer) {
        switch (answer) {
            case RestartAnswer.Done done -> {}
            case RestartAnswer.Begun begun -> {}
            case RestartAnswer.Refused refused -> hookFailed("refused");
            case RestartAnswer.Unclear unclear -> hookFailed("unclear");
        }
    }

    private void hookFailed(String outcome) {
        Counter.builder("holdfast.operations.restart.hook.failures")
                .description("Calls of restart hooks that brought no restart")
                .tag("outcome", outcome)
                .register(registry)
                .increment();
    }

    private static String written(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
