package dev.holdfast.failover.operation;

import dev.holdfast.failover.operation.Evidence.Checks;
import dev.holdfast.failover.operation.Evidence.GatewayAnswer;
import dev.holdfast.failover.operation.Evidence.RestartAnswer;
import dev.holdfast.model.operation.StepState;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Node;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The conditions on which a step takes an edge. */
enum StepGuard {
    NODE_GONE("the node has been deleted", situation -> situation.node().isEmpty()),
    NOT_NEEDED(
            "the operation ends early and the node is safe without this step",
            situation -> situation.isStopping() && !situation.isNeededForSafety()),
    HAS_TURN("it is this step's turn", StepSituation::hasTurn),
    STOPPING("the operation ends early", StepSituation::isStopping),
    STOPPING_BEFORE_CONFIRMATION(
            "the operation ends early, and an operator was to restart the node",
            situation -> situation.isStopping() && situation.hook().isEmpty()),
    ENOUGH_PEERS("enough other nodes take traffic", StepSituation::hasEnoughPeers),
    IS_DRAINING("the node is DRAINING", situation -> situation.isAdministered(AdminState.DRAINING)),
    IS_IN_MAINTENANCE("the node is in MAINTENANCE", situation -> situation.isAdministered(AdminState.MAINTENANCE)),
    IS_ENABLED("the node is ENABLED", situation -> situation.isAdministered(AdminState.ENABLED)),
    CHANGED_BY_OTHERS("somebody else has changed the node's admin state", StepSituation::isChangedByOthers),
    GATEWAYS_IDLE("every gateway routes by a table that knows of it and has no request left at the node", situation -> {
        Map<String, GatewayAnswer> answers =
                situation.snapshot().evidence().gateways().getOrDefault(situation.nodeId(), Map.of());
        Optional<Node> node = situation.node();
        return !situation.snapshot().gateways().isEmpty()
                && node.isPresent()
                && situation.snapshot().gateways().stream()
                        .allMatch(gateway -> isIdle(node.get(), answers.get(gateway)));
    }),
    RESTART_DONE(
            "the restart hook answered that the old process has ended",
            situation -> restart(situation) instanceof RestartAnswer.Done),
    RESTART_REFUSED("the restart hook declined", situation -> restart(situation) instanceof RestartAnswer.Refused),
    CONFIRMED(
            "it waits for an operator, who confirms this node",
            situation -> waitsForOperator(situation)
                    && situation.snapshot().trigger() instanceof Trigger.Confirm confirm
                    && confirm.node().map(situation.nodeId()::equals).orElseGet(() -> onlyOneWaits(situation))),
    ANSWERED("the node has answered `rise` checks in a row since its restart", situation -> {
        Checks checks = situation.snapshot().evidence().checksOf(situation.nodeId());
        return checks.successes()
                        >= situation.members().cluster().settings().check().rise()
                && checks.firstAskedAt()
                        .filter(first ->
                                !first.isBefore(situation.step().startedAt().orElse(first)))
                        .isPresent();
    }),
    IS_READY(
            "the node is enabled, synchronised and healthy",
            situation -> situation
                    .node()
                    .filter(node -> Serving.isReady(situation.members(), node))
                    .isPresent()),
    TIME_IS_UP("its time is up", situation -> !situation.snapshot().now().isBefore(situation.deadline()));

    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // Each is a function of its argument alone.
    private final Predicate<StepSituation> condition;

    StepGuard(String description, Predicate<StepSituation> condition) {
        this.description = description;
        this.condition = condition;
    }

    String description() {
        return description;
    }

    boolean holds(StepSituation situation) {
        return condition.test(situation);
    }

    /** Whether the step goes on only when an operator confirms. */
    static boolean waitsForOperator(StepSituation situation) {
        return situation.kind() == StepKind.RESTART
                && situation.step().state() == StepState.RUNNING
                && situation.hook().isEmpty();
    }

    /** The steps that go on only when an operator confirms. */
    static Stream<StepSituation> waitingForOperator(Progress progress) {
        return progress.nodesUnderWay().stream()
                .flatMap(node -> progress.firstOpen(node).stream())
                .map(place -> new StepSituation(progress, progress.step(place)))
                .filter(StepGuard::waitsForOperator);
    }

    private static boolean onlyOneWaits(StepSituation situation) {
        return waitingForOperator(situation.progress()).count() == 1;
    }

    /** Whether the gateway has let go of the node: it knows the change, and what it sent before has ended. */
    static boolean isIdle(Node node, @Nullable GatewayAnswer answer) {
        return answer instanceof GatewayAnswer.Answered answered
                && !node.version().isAfter(answered.view().tableRevision())
                && !answered.view().takesTraffic()
                && answered.view().outstanding() == 0;
    }

    private static @Nullable RestartAnswer restart(StepSituation situation) {
        return situation.snapshot().evidence().restarts().get(situation.nodeId());
    }
}
