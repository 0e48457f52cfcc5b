package dev.holdfast.failover.operation;

import static dev.holdfast.failover.operation.Trigger.Kind.CANCEL;
import static dev.holdfast.failover.operation.Trigger.Kind.CONFIRM;
import static dev.holdfast.failover.operation.Trigger.Kind.TICK;

import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.operation.StepState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Every edge of operations and their steps. Of those that leave a state, the first whose guard holds is taken.
 *
 * <p>Building a table fails on a duplicate, on an edge that leads nowhere new, and on one out of a final state.
 */
final class Edges {

    static final Edges TABLE = new Edges(operationEdges(), stepEdges());

    private final List<OperationEdge> operations;
    private final List<StepEdge> steps;
    private final Map<StepKind, List<StepEdge>> byKind;

    Edges(List<OperationEdge> operations, List<StepEdge> steps) {
        this.operations = List.copyOf(operations);
        this.steps = List.copyOf(steps);
        this.byKind = this.steps.stream().collect(Collectors.groupingBy(StepEdge::kind));
        Set<List<Object>> seen = new HashSet<>();
        for (OperationEdge edge : operations) {
            requireSound(
                    edge,
                    !edge.from().isFinal() && edge.from() != edge.to(),
                    seen.add(List.of(edge.from(), edge.trigger(), edge.guard())));
        }
        for (StepEdge edge : steps) {
            requireSound(
                    edge,
                    !StepSituation.isEnded(edge.from()) && edge.from() != edge.to(),
                    seen.add(List.of(edge.kind(), edge.from(), edge.trigger(), edge.guard())));
        }
    }

    List<OperationEdge> operations() {
        return operations;
    }

    List<StepEdge> steps() {
        return steps;
    }

    List<StepEdge> stepsOf(StepKind kind) {
        return byKind.getOrDefault(kind, List.of());
    }

    private static void requireSound(Object edge, boolean leadsOn, boolean isNew) {
        if (!leadsOn) {
            throw new IllegalArgumentException("leaves a final state or leads nowhere: " + edge);
        }
        if (!isNew) {
            throw new IllegalArgumentException("there are two edges for one condition: " + edge);
        }
    }

    private static List<OperationEdge> operationEdges() {
        return List.of(
                new OperationEdge(
                        OperationState.RUNNING,
                        CANCEL,
                        OperationGuard.ALWAYS,
                        OperationState.CANCELLING,
                        "an operator wants it to end early"),
                new OperationEdge(
                        OperationState.WAITING_FOR_OPERATOR,
                        CANCEL,
                        OperationGuard.ALWAYS,
                        OperationState.CANCELLING,
                        "an operator wants it to end early"),
                new OperationEdge(
                        OperationState.RUNNING,
                        TICK,
                        OperationGuard.OPERATOR_NEEDED,
                        OperationState.WAITING_FOR_OPERATOR,
                        "only an operator can do what is next"),
                new OperationEdge(
                        OperationState.WAITING_FOR_OPERATOR,
                        TICK,
                        OperationGuard.OPERATOR_NOT_NEEDED,
                        OperationState.RUNNING,
                        "the operator has confirmed, or the wait has ended otherwise"),
                new OperationEdge(
                        OperationState.RUNNING,
                        TICK,
                        OperationGuard.ENDED_WITH_FAILURE,
                        OperationState.FAILED,
                        "a step failed and every node under way has been left as safe as could be"),
                new OperationEdge(
                        OperationState.RUNNING,
                        TICK,
                        OperationGuard.ENDED,
                        OperationState.SUCCEEDED,
                        "everything asked for is done"),
                new OperationEdge(
                        OperationState.CANCELLING,
                        TICK,
                        OperationGuard.ENDED_WITH_FAILURE,
                        OperationState.FAILED,
                        "a step failed while the operation was ending early"),
                new OperationEdge(
                        OperationState.CANCELLING,
                        TICK,
                        OperationGuard.ENDED,
                        OperationState.CANCELLED,
                        "every node is in a safe state"));
    }

    private static List<StepEdge> stepEdges() {
        Builder table = new Builder();
        for (StepKind kind : StepKind.values()) {
            table.of(kind).pending(StepGuard.NODE_GONE, StepState.SKIPPED, "there is nothing left to do for it");
            if (kind != StepKind.WITHDRAW) {
                table.pending(StepGuard.NOT_NEEDED, StepState.SKIPPED, "nothing more is begun");
            }
            table.pending(StepGuard.HAS_TURN, StepState.RUNNING, "what it builds on has ended")
                    .running(StepGuard.NODE_GONE, StepState.FAILED, "what was begun can't be ended");
        }
        table.of(StepKind.AWAIT_PEERS)
                .running(StepGuard.STOPPING, StepState.SKIPPED, "the node is untouched")
                .running(StepGuard.ENOUGH_PEERS, StepState.SUCCEEDED, "the others can carry the load")
                .running(StepGuard.TIME_IS_UP, StepState.FAILED, "taking this node out would cost service");
        table.of(StepKind.DRAIN)
                .running(StepGuard.IS_DRAINING, StepState.SUCCEEDED, "the order is in the store")
                .running(StepGuard.TIME_IS_UP, StepState.FAILED, "the order could not be given");
        table.of(StepKind.AWAIT_IDLE)
                .running(StepGuard.STOPPING, StepState.SKIPPED, "the node goes back into service")
                .running(StepGuard.CHANGED_BY_OTHERS, StepState.FAILED, "it gets requests again, or is out already")
                .running(StepGuard.GATEWAYS_IDLE, StepState.SUCCEEDED, "its requests have ended")
                .running(StepGuard.TIME_IS_UP, StepState.SUCCEEDED, "its requests had their time; the rest is cut");
        table.of(StepKind.MAINTENANCE)
                .running(StepGuard.CHANGED_BY_OTHERS, StepState.FAILED, "it gets requests again")
                .running(StepGuard.IS_IN_MAINTENANCE, StepState.SUCCEEDED, "the order is in the store")
                .running(StepGuard.TIME_IS_UP, StepState.FAILED, "the order could not be given");
        table.of(StepKind.RESTART)
                .running(StepGuard.CHANGED_BY_OTHERS, StepState.FAILED, "it may get requests while it restarts")
                .running(StepGuard.RESTART_DONE, StepState.SUCCEEDED, "whatever answers from now on is the new process")
                .running(StepGuard.RESTART_REFUSED, StepState.FAILED, "asking again would not help")
                .confirmed(StepGuard.CONFIRMED, StepState.SUCCEEDED, "the operator has restarted it")
                .running(
                        StepGuard.STOPPING_BEFORE_CONFIRMATION,
                        StepState.SKIPPED,
                        "whether it was restarted is unknown, so its checks decide")
                .running(StepGuard.TIME_IS_UP, StepState.FAILED, "it was not restarted in time");
        table.of(StepKind.AWAIT_ANSWERS)
                .running(StepGuard.CHANGED_BY_OTHERS, StepState.FAILED, "it may get requests before it answers")
                .running(StepGuard.ANSWERED, StepState.SUCCEEDED, "the restarted node works")
                .running(StepGuard.TIME_IS_UP, StepState.FAILED, "the restarted node doesn't work");
        table.of(StepKind.ENABLE)
                .running(StepGuard.IS_ENABLED, StepState.SUCCEEDED, "the order is in the store")
                .running(StepGuard.TIME_IS_UP, StepState.FAILED, "the order could not be given");
        table.of(StepKind.AWAIT_TRAFFIC)
                .running(StepGuard.CHANGED_BY_OTHERS, StepState.FAILED, "somebody took it out again")
                .running(StepGuard.IS_READY, StepState.SUCCEEDED, "it serves again")
                .running(StepGuard.STOPPING, StepState.SKIPPED, "it serves as soon as its checks allow")
                .running(StepGuard.TIME_IS_UP, StepState.FAILED, "it doesn't come back into service");
        table.of(StepKind.WITHDRAW)
                .running(StepGuard.IS_READY, StepState.SKIPPED, "it serves after all")
                .running(StepGuard.IS_IN_MAINTENANCE, StepState.SUCCEEDED, "it can't come back unwatched")
                .running(StepGuard.TIME_IS_UP, StepState.FAILED, "the order could not be given");
        return table.edges;
    }

    /** Collects the edges of one kind after another. */
    private static final class Builder {

        private final List<StepEdge> edges = new ArrayList<>();
        private StepKind kind = StepKind.AWAIT_PEERS;

        Builder of(StepKind next) {
            kind = next;
            return this;
        }

        Builder pending(StepGuard guard, StepState to, String reason) {
            edges.add(new StepEdge(kind, StepState.PENDING, TICK, guard, to, reason));
            return this;
        }

        Builder running(StepGuard guard, StepState to, String reason) {
            edges.add(new StepEdge(kind, StepState.RUNNING, TICK, guard, to, reason));
            return this;
        }

        Builder confirmed(StepGuard guard, StepState to, String reason) {
            edges.add(new StepEdge(kind, StepState.RUNNING, CONFIRM, guard, to, reason));
            return this;
        }
    }
}
