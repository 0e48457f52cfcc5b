package dev.holdfast.failover.operation;

import dev.holdfast.failover.operation.Decision.OperationMoved;
import dev.holdfast.failover.operation.Decision.StepMoved;
import dev.holdfast.failover.operation.Decision.Taken;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.operation.OperationStep;
import dev.holdfast.model.operation.OperationType;
import dev.holdfast.model.operation.StepState;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides what an operation does next: follows the {@link Edges} as far as the facts carry, and tells what is to be done
 * for the steps that then run. Deciding again on the outcome with the same facts changes nothing.
 */
public final class OperationDecider {

    /** Each step takes two edges at most, and each operation a handful; more would be a circle in the table. */
    private static final int EDGES_PER_STEP = 2;

    private static final int EDGES_PER_OPERATION = 6;

    private OperationDecider() {}

    /** A final operation, and one whose state has no edge for the trigger, stays as it is. */
    public static Decision decide(OperationSnapshot snapshot) {
        List<Taken> taken = new ArrayList<>();
        OperationSnapshot current = snapshot;
        if (snapshot.trigger().kind() != Trigger.Kind.TICK) {
            Optional<Moved> asked = move(current, snapshot.trigger().kind());
            if (asked.isEmpty()) {
                return new Decision(snapshot.operation(), List.of(), List.of(), List.of());
            }
            taken.add(asked.get().taken());
            current = current.with(FollowUps.added(asked.get().operation()));
        }
        int most = EDGES_PER_OPERATION
                + EDGES_PER_STEP * (snapshot.operation().steps().size() + FollowUps.MOST);
        for (Optional<Moved> next = move(current, Trigger.Kind.TICK);
                next.isPresent();
                next = move(current, Trigger.Kind.TICK)) {
            taken.add(next.get().taken());
            current = current.with(FollowUps.added(next.get().operation()));
            if (taken.size() > most) {
                throw new IllegalStateException("the edges lead in a circle: " + taken);
            }
        }
        return new Decision(current.operation(), OperationJournal.entries(current, taken), actions(current), taken);
    }

    private record Moved(Operation operation, Taken taken) {}

    private static Optional<Moved> move(OperationSnapshot snapshot, Trigger.Kind trigger) {
        if (snapshot.operation().state().isFinal()) {
            return Optional.empty();
        }
        List<OperationStep> steps = snapshot.operation().steps();
        for (int index = 0; index < steps.size(); index++) {
            StepSituation situation = new StepSituation(snapshot, steps.get(index));
            for (StepEdge edge : Edges.TABLE.steps()) {
                if (edge.kind() == situation.kind()
                        && edge.from() == situation.step().state()
                        && edge.trigger() == trigger
                        && edge.guard().holds(situation)) {
                    OperationStep after = moved(situation, edge);
                    List<OperationStep> next = new ArrayList<>(steps);
                    next.set(index, after);
                    return Optional.of(new Moved(
                            Documents.withSteps(snapshot.operation(), next),
                            new StepMoved(edge, steps.get(index), after)));
                }
            }
        }
        for (OperationEdge edge : Edges.TABLE.operations()) {
            if (edge.from() == snapshot.operation().state()
                    && edge.trigger() == trigger
                    && edge.guard().holds(snapshot)) {
                Operation after = moved(snapshot, edge.to());
                return Optional.of(new Moved(after, new OperationMoved(edge, after)));
            }
        }
        return Optional.empty();
    }

    private static OperationStep moved(StepSituation situation, StepEdge edge) {
        OperationStep step = situation.step();
        boolean starts = edge.to() == StepState.RUNNING;
        return new OperationStep(
                step.kind(),
                step.node(),
                edge.to(),
                starts ? Optional.of(situation.snapshot().now()) : step.startedAt(),
                starts ? Optional.empty() : Optional.of(situation.snapshot().now()),
                Account.of(edge, situation));
    }

    private static Operation moved(OperationSnapshot snapshot, OperationState to) {
        Operation operation = snapshot.operation();
        if (!to.isFinal()) {
            return Documents.withState(operation, to);
        }
        return Documents.ended(operation, to, snapshot.now(), Account.ofOutcome(snapshot, to));
    }

    private static List<Action> actions(OperationSnapshot snapshot) {
        List<Action> actions = new ArrayList<>();
        if (!snapshot.operation().state().isFinal()) {
            for (OperationStep step : snapshot.operation().steps()) {
                StepSituation situation = new StepSituation(snapshot, step);
                if (step.state() == StepState.RUNNING) {
                    situation.node().flatMap(node -> action(situation, node)).ifPresent(actions::add);
                }
            }
        }
        return actions;
    }

    private static Optional<Action> action(StepSituation situation, Node node) {
        return switch (situation.kind()) {
            // Peers may have gone while the order could not be given: it then waits for them again.
            case DRAIN -> situation.hasEnoughPeers() ? order(situation, node, AdminState.DRAINING) : Optional.empty();
            case MAINTENANCE, WITHDRAW -> order(situation, node, AdminState.MAINTENANCE);
            case ENABLE -> order(situation, node, AdminState.ENABLED);
            case AWAIT_IDLE -> Optional.of(new Action.AskGateways(node.id()));
            case RESTART ->
                situation
                        .hook()
                        .map(hook -> new Action.CallRestartHook(node.id(), node.cluster(), node.address(), hook));
            case AWAIT_ANSWERS -> {
                HealthCheck check = situation.members().cluster().settings().check();
                yield Optional.of(new Action.CheckNode(node.id(), check.interval(), check.timeout()));
            }
            case AWAIT_PEERS, AWAIT_TRAFFIC -> Optional.empty();
        };
    }

    private static Optional<Action> order(StepSituation situation, Node node, AdminState state) {
        OperationType type = situation.operation().type();
        String reason =
                situation.parameters().reason().map(given -> ": " + given).orElse("");
        return Optional.of(new Action.SetAdminState(
                node.id(),
                state,
                node.version(),
                situation.parameters().force(),
                Account.words(type) + " " + situation.operation().id() + reason));
    }
}
