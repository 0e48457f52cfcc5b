package dev.holdfast.failover.operation;

import dev.holdfast.failover.operation.Decision.OperationMoved;
import dev.holdfast.failover.operation.Decision.StepMoved;
import dev.holdfast.failover.operation.Decision.Taken;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.operation.StepState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How decisions on operations are journaled. */
public final class OperationJournal {

    /** The actor of what no user asked for directly. */
    static final String SERVICE = "failover-service";

    private OperationJournal() {}

    /** The start of an operation, with the facts on which it was let through. */
    public static JournalEntry started(Operation operation) {
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("operation", operation.id().toString());
        evidence.put("type", operation.type().name());
        evidence.put("parameters", operation.parameters());
        evidence.put(
                "steps",
                operation.steps().stream()
                        .map(step -> step.kind()
                                + step.node().map(node -> " " + node).orElse(""))
                        .toList());
        JournalEntry entry = JournalEntry.of(
                        EventType.OPERATION_STARTED, operation.startedBy(), Account.title(operation) + " has started.")
                .with(evidence);
        return operation
                .node()
                .map(node -> entry.about(operation.cluster(), node))
                .orElseGet(() -> entry.about(operation.cluster()));
    }

    /** The end of an operation that was {@link GivenUp}. */
    public static JournalEntry givenUp(Operation ended) {
        JournalEntry entry = JournalEntry.of(
                        EventType.OPERATION_FAILED,
                        SERVICE,
                        Account.title(ended) + " is " + ended.state() + ". "
                                + ended.outcome().orElse(""))
                .with(Map.of(
                        "operation",
                        ended.id().toString(),
                        "state",
                        ended.state().name()));
        return ended.node()
                .map(node -> entry.about(ended.cluster(), node))
                .orElseGet(() -> entry.about(ended.cluster()));
    }

    /**
     * The entries for the edges that were taken. What a step begins or skips is told by what made it do so; it has an
     * entry of its own only when nothing else has.
     */
    static List<JournalEntry> entries(Progress after, List<Taken> taken) {
        List<JournalEntry> telling =
                taken.stream().flatMap(edge -> telling(after, edge).stream()).toList();
        if (!telling.isEmpty() || taken.isEmpty()) {
            return telling;
        }
        return List.of(minor(after, taken.getFirst()));
    }

    private static Optional<JournalEntry> telling(Progress after, Taken taken) {
        return switch (taken) {
            case StepMoved moved ->
                switch (moved.after().state()) {
                    case SUCCEEDED -> Optional.of(ofStep(EventType.OPERATION_STEP_COMPLETED, after, moved));
                    case FAILED -> Optional.of(ofStep(EventType.OPERATION_STEP_FAILED, after, moved));
                    case PENDING, RUNNING, SKIPPED -> Optional.empty();
                };
            case OperationMoved moved -> typeOf(moved.after().state()).map(type -> ofOperation(type, after, moved));
        };
    }

    private static JournalEntry minor(Progress after, Taken taken) {
        return switch (taken) {
            case StepMoved moved
            when moved.after().state() == StepState.SKIPPED -> ofStep(EventType.OPERATION_STEP_COMPLETED, after, moved);
            case StepMoved moved -> ofStep(EventType.OPERATION_STEP_STARTED, after, moved);
            case OperationMoved moved -> ofOperation(EventType.OPERATION_STEP_STARTED, after, moved);
        };
    }

    private static Optional<EventType> typeOf(OperationState state) {
        return switch (state) {
            case RUNNING -> Optional.empty();
            case WAITING_FOR_OPERATOR -> Optional.of(EventType.OPERATION_WAITS_FOR_OPERATOR);
            case CANCELLING -> Optional.of(EventType.OPERATION_CANCEL_REQUESTED);
            case SUCCEEDED -> Optional.of(EventType.OPERATION_SUCCEEDED);
            case FAILED -> Optional.of(EventType.OPERATION_FAILED);
            case CANCELLED -> Optional.of(EventType.OPERATION_CANCELLED);
        };
    }

    private static JournalEntry ofStep(EventType type, Progress after, StepMoved moved) {
        Operation operation = after.snapshot().operation();
        StepSituation situation = new StepSituation(after, moved.after());
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("operation", operation.id().toString());
        evidence.put("step", moved.after().kind());
        evidence.put("state", moved.after().state().name());
        evidence.put("because", moved.edge().guard().description());
        evidence.put("then", moved.edge().reason());
        moved.after().startedAt().ifPresent(at -> evidence.put("startedAt", at.toString()));
        situation.node().ifPresent(node -> {
            evidence.put("adminState", node.adminState().name());
            evidence.put("peersInService", situation.peersInService());
        });
        String what = "%s of %s, step %s: %s"
                .formatted(
                        Account.words(operation.type()),
                        operation.cluster(),
                        moved.after().kind(),
                        moved.after().detail());
        return JournalEntry.of(type, actor(after, moved.edge().trigger()), what)
                .about(operation.cluster(), situation.nodeId())
                .with(evidence);
    }

    private static JournalEntry ofOperation(EventType type, Progress after, OperationMoved moved) {
        Operation operation = moved.after();
        Map<String, Object> evidence = new LinkedHashMap<>();
        evidence.put("operation", operation.id().toString());
        evidence.put("state", operation.state().name());
        evidence.put("because", moved.edge().reason());
        String what = Account.title(operation) + " is " + operation.state() + ". "
                + operation
                        .outcome()
                        .orElse("It goes on safely: " + moved.edge().reason() + ".");
        JournalEntry entry = JournalEntry.of(type, actor(after, moved.edge().trigger()), what)
                .with(evidence);
        return operation
                .node()
                .map(node -> entry.about(operation.cluster(), node))
                .orElseGet(() -> entry.about(operation.cluster()));
    }

    private static String actor(Progress after, Trigger.Kind edge) {
        if (edge == Trigger.Kind.TICK) {
            return SERVICE;
        }
        return switch (after.snapshot().trigger()) {
            case Trigger.Cancel cancel -> cancel.operator();
            case Trigger.Confirm confirm -> confirm.operator();
            case Trigger.Tick tick -> SERVICE;
        };
    }
}
