package dev.holdfast.failover.operation;

import dev.holdfast.failover.operation.Decision.OperationMoved;
import dev.holdfast.failover.operation.Decision.StepMoved;
import dev.holdfast.failover.operation.Decision.Taken;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.operation.OperationStep;
import dev.holdfast.model.operation.StepState;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
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

    private final Progress progress;
    private final List<Taken> taken = new ArrayList<>();

    private OperationDecider(Progress progress) {
        this.progress = progress;
    }

    /**
     * A final operation, and one whose state has no edge for the trigger, stays as it is. What an operator asks for is
     * noted; the next tick goes on from there, with the evidence that an operator's request lacks.
     */
    public static Decision decide(OperationSnapshot snapshot) {
        OperationDecider decider = new OperationDecider(new Progress(snapshot));
        decider.follow(snapshot.trigger().kind());
        return decider.decision();
    }

    private Decision decision() {
        return new Decision(progress.operation(), OperationJournal.entries(progress, taken), actions(), taken);
    }

    private void follow(Trigger.Kind trigger) {
        if (progress.state().isFinal()) {
            return;
        }
        if (trigger == Trigger.Kind.TICK) {
            tick();
        } else if (moveNodes(trigger) || moveOperation(trigger)) {
            // Whether it still waits for an operator is told at once.
            moveOperation(Trigger.Kind.TICK);
        }
    }

    private void tick() {
        boolean moved = true;
        while (moved && !progress.state().isFinal()) {
            moved = moveNodes(Trigger.Kind.TICK) || moveOperation(Trigger.Kind.TICK);
        }
    }

    /** One node after the other as far as it goes. A later one can set an earlier one going, so this is repeated until none moves. */
    private boolean moveNodes(Trigger.Kind trigger) {
        int before = taken.size();
        for (NodeId node : progress.openNodes()) {
            while (moveNode(node, trigger)) {
                if (trigger != Trigger.Kind.TICK) {
                    return true;
                }
            }
        }
        return taken.size() > before;
    }

    private boolean moveNode(NodeId node, Trigger.Kind trigger) {
        Optional<Integer> place = progress.firstOpen(node);
        if (place.isEmpty()) {
            return false;
        }
        StepSituation situation = new StepSituation(progress, progress.step(place.get()));
        for (StepEdge edge : Edges.TABLE.stepsOf(situation.kind())) {
            if (edge.from() == situation.step().state()
                    && edge.trigger() == trigger
                    && edge.guard().holds(situation)) {
                OperationStep after = moved(situation, edge);
                progress.move(place.get(), after);
                FollowUps.add(progress, node);
                took(new StepMoved(edge, situation.step(), after));
                return true;
            }
        }
        return false;
    }

    private boolean moveOperation(Trigger.Kind trigger) {
        for (OperationEdge edge : Edges.TABLE.operations()) {
            if (edge.from() == progress.state()
                    && edge.trigger() == trigger
                    && edge.guard().holds(progress)) {
                move(edge.to());
                took(new OperationMoved(edge, progress.operation()));
                return true;
            }
        }
        return false;
    }

    private void move(OperationState to) {
        if (to.isFinal()) {
            progress.end(to, progress.snapshot().now(), Account.ofOutcome(progress, to));
        } else {
            progress.move(to);
            progress.nodesUnderWay().stream().toList().forEach(node -> FollowUps.add(progress, node));
        }
    }

    private void took(Taken edge) {
        taken.add(edge);
        if (taken.size()
                > EDGES_PER_OPERATION + EDGES_PER_STEP * progress.steps().size()) {
            throw new IllegalStateException("the edges lead in a circle: " + edge);
        }
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

    private List<Action> actions() {
        List<Action> actions = new ArrayList<>();
        if (!progress.state().isFinal()) {
            for (NodeId id : progress.nodesUnderWay()) {
                progress.firstOpen(id)
                        .map(place -> new StepSituation(progress, progress.step(place)))
                        .filter(situation -> situation.step().state() == StepState.RUNNING)
                        .flatMap(situation -> situation.node().flatMap(node -> action(situation, node)))
                        .ifPresent(actions::add);
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
        Operation operation = situation.snapshot().operation();
        String reason =
                situation.parameters().reason().map(given -> ": " + given).orElse("");
        return Optional.of(new Action.SetAdminState(
                node.id(),
                state,
                node.version(),
                situation.parameters().force(),
                Account.words(operation.type()) + " " + operation.id() + reason));
    }
}
