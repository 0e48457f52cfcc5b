package dev.holdfast.failover.operation;

import dev.holdfast.failover.operation.Evidence.GatewayAnswer;
import dev.holdfast.failover.operation.Evidence.RestartAnswer;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.operation.OperationStep;
import dev.holdfast.model.operation.OperationType;
import dev.holdfast.model.operation.StepState;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tells people how a step or an operation stands, with the numbers behind it and what to do about it. */
final class Account {

    private Account() {}

    static String words(OperationType type) {
        String words = type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    /** Such as {@code "Drain of node-1 in shop"}. */
    static String title(Operation operation) {
        return operation
                .node()
                .map(node -> "%s of %s in %s".formatted(words(operation.type()), node, operation.cluster()))
                .orElseGet(() -> "%s of %s".formatted(words(operation.type()), operation.cluster()));
    }

    static String of(StepEdge edge, StepSituation situation) {
        NodeId id = situation.nodeId();
        return switch (edge.guard()) {
            case NODE_GONE -> id + " has been deleted meanwhile.";
            case NOT_NEEDED, STOPPING -> "Not done, because the operation ends early: " + edge.reason() + ".";
            case STOPPING_BEFORE_CONFIRMATION ->
                "The operation ends early; nobody has confirmed that %s was restarted, so it has to answer its checks."
                        .formatted(id);
            case HAS_TURN -> started(situation);
            case ENOUGH_PEERS ->
                "%d other nodes take traffic, %d needed."
                        .formatted(situation.peersInService(), situation.peersNeeded());
            case IS_DRAINING, IS_IN_MAINTENANCE, IS_ENABLED -> "%s is %s.".formatted(id, adminState(situation));
            case CHANGED_BY_OTHERS ->
                "Somebody else has set %s to %s meanwhile, and so it stays.".formatted(id, adminState(situation));
            case GATEWAYS_IDLE ->
                "None of %d gateways has a request left at %s."
                        .formatted(situation.snapshot().gateways().size(), id);
            case RESTART_DONE -> "The restart hook answered that the old process has ended.";
            case RESTART_REFUSED -> "The restart hook declined: " + lastRestartAnswer(situation);
            case CONFIRMED -> "Confirmed by " + operator(situation.snapshot().trigger()) + ".";
            case ANSWERED ->
                "%s answered %d checks in a row since its restart."
                        .formatted(
                                id, situation.snapshot().evidence().checksOf(id).successes());
            case IS_READY -> id + " is enabled, synchronised and healthy.";
            case TIME_IS_UP -> timeIsUp(situation);
        };
    }

    private static String started(StepSituation situation) {
        if (situation.kind() == StepKind.RESTART && situation.hook().isEmpty()) {
            return ("Restart %s now, then confirm with POST /api/v1/operations/%s/confirm. The cluster declares no restart"
                            + " hook, so this waits at most %s for an operator.")
                    .formatted(
                            situation.nodeId(), situation.snapshot().operation().id(), written(situation.bound()));
        }
        return "Waits at most %s %s."
                .formatted(written(situation.bound()), situation.kind().waitsFor());
    }

    private static String timeIsUp(StepSituation situation) {
        NodeId id = situation.nodeId();
        String bound = written(situation.bound());
        return switch (situation.kind()) {
            case AWAIT_PEERS -> tooFewPeers(situation, bound);
            case DRAIN -> situation.hasEnoughPeers() ? notOrdered(situation, bound) : tooFewPeers(situation, bound);
            case MAINTENANCE, ENABLE, WITHDRAW -> notOrdered(situation, bound);
            case AWAIT_IDLE -> cut(situation, bound);
            case RESTART ->
                situation.hook().isPresent()
                        ? "The restart hook did not tell within %s that the old process has ended: %s."
                                .formatted(bound, lastRestartAnswer(situation))
                        : "Nobody confirmed within %s that %s was restarted.".formatted(bound, id);
            case AWAIT_ANSWERS ->
                "%s did not answer %d checks in a row within %s of its restart; last failure: %s."
                        .formatted(
                                id,
                                situation.members().cluster().settings().check().rise(),
                                bound,
                                situation
                                        .snapshot()
                                        .evidence()
                                        .checksOf(id)
                                        .lastFailure()
                                        .orElse("none seen"));
            case AWAIT_TRAFFIC -> noTraffic(situation, bound);
        };
    }

    private static String tooFewPeers(StepSituation situation, String bound) {
        return "Only %d other nodes took traffic within %s, %d needed: %s was left as it is."
                .formatted(situation.peersInService(), bound, situation.peersNeeded(), situation.nodeId());
    }

    private static String notOrdered(StepSituation situation, String bound) {
        return "The order was not in the store within %s: %s."
                .formatted(
                        bound,
                        situation
                                .snapshot()
                                .evidence()
                                .failedOrders()
                                .getOrDefault(situation.nodeId(), "no answer yet"));
    }

    /** Names every gateway that still has requests at the node, or doesn't answer. */
    private static String cut(StepSituation situation, String bound) {
        Map<String, GatewayAnswer> answers =
                situation.snapshot().evidence().gateways().getOrDefault(situation.nodeId(), Map.of());
        int outstanding = 0;
        List<String> doubts = new ArrayList<>();
        for (String gateway : situation.snapshot().gateways()) {
            GatewayAnswer answer = answers.getOrDefault(gateway, new GatewayAnswer.Silent("not asked yet"));
            switch (answer) {
                case GatewayAnswer.Silent silent ->
                    doubts.add("%s did not answer (%s)".formatted(gateway, silent.why()));
                case GatewayAnswer.Answered answered -> {
                    outstanding += answered.view().outstanding();
                    if (answered.view().outstanding() > 0) {
                        doubts.add(
                                "%s has %d".formatted(gateway, answered.view().outstanding()));
                    } else if (!situation
                            .node()
                            .map(node -> StepGuard.isIdle(node, answer))
                            .orElse(true)) {
                        doubts.add("%s routes by revision %s yet"
                                .formatted(gateway, answered.view().tableRevision()));
                    }
                }
            }
        }
        String which = doubts.isEmpty() ? "no gateway is known" : String.join("; ", doubts);
        return "After %s, %d requests have not ended and are cut: %s.".formatted(bound, outstanding, which);
    }

    private static String noTraffic(StepSituation situation, String bound) {
        Optional<NodeHealth> health = situation.members().healthOf(situation.nodeId());
        return "%s takes no traffic after %s: it is %s, and its health is %s."
                .formatted(
                        situation.nodeId(),
                        bound,
                        situation
                                .node()
                                .map(node -> node.phase(
                                                situation.members().cluster().settings(), health)
                                        .name())
                                .orElse("gone"),
                        health.map(verdict -> verdict.status() + " (" + verdict.reason() + ")")
                                .orElse("not judged yet"));
    }

    static String ofOutcome(Progress progress, OperationState to) {
        return switch (to) {
            case SUCCEEDED -> succeeded(progress);
            case CANCELLED -> "Ended early on request. " + standing(progress);
            case FAILED -> failures(progress.steps()) + " " + standing(progress);
            case RUNNING, WAITING_FOR_OPERATOR, CANCELLING ->
                throw new IllegalArgumentException(to + " is not the end of an operation");
        };
    }

    private static String succeeded(Progress progress) {
        List<OperationStep> steps = progress.steps();
        if (progress.snapshot().operation().type() != OperationType.ROLLING_RESTART) {
            return steps.isEmpty()
                    ? "There was nothing to do."
                    : steps.getLast().detail();
        }
        long restarted = steps.stream()
                .filter(step -> StepKind.of(step) == StepKind.RESTART && step.state() == StepState.SUCCEEDED)
                .count();
        return "%d nodes were restarted one zone at a time and take traffic.".formatted(restarted);
    }

    private static String failures(List<OperationStep> steps) {
        return steps.stream()
                .filter(step -> step.state() == StepState.FAILED)
                .map(step -> "Step %s of %s failed: %s"
                        .formatted(step.kind(), step.node().map(NodeId::value).orElse("the cluster"), step.detail()))
                .collect(Collectors.joining(" "));
    }

    /** How each node that was touched stands, and which were not touched at all. */
    private static String standing(Progress progress) {
        Map<NodeId, Boolean> touched = new LinkedHashMap<>();
        for (OperationStep step : progress.steps()) {
            boolean acts = StepKind.of(step) != StepKind.AWAIT_PEERS
                    && step.startedAt().isPresent();
            step.node().ifPresent(node -> touched.merge(node, acts, Boolean::logicalOr));
        }
        List<String> told = new ArrayList<>();
        List<String> untouched = new ArrayList<>();
        touched.forEach((id, acts) -> {
            if (acts) {
                told.add(standing(progress, id));
            } else {
                untouched.add(id.value());
            }
        });
        if (!untouched.isEmpty()) {
            told.add("Left as they were: " + String.join(", ", untouched) + ".");
        }
        return String.join(" ", told);
    }

    private static String standing(Progress progress, NodeId id) {
        Optional<Node> node = progress.node(id);
        if (node.isEmpty()) {
            return id + " is deleted.";
        }
        return switch (node.get().adminState()) {
            case ENABLED -> id + " is ENABLED.";
            case DRAINING, MAINTENANCE ->
                "%s is %s: when it is in order, bring it back with POST /api/v1/nodes/%s/enable."
                        .formatted(id, node.get().adminState(), id);
        };
    }

    private static String lastRestartAnswer(StepSituation situation) {
        RestartAnswer answer = situation
                .snapshot()
                .evidence()
                .restarts()
                .getOrDefault(situation.nodeId(), new RestartAnswer.Unclear("it has not answered yet"));
        return switch (answer) {
            case RestartAnswer.Done done -> "it has";
            case RestartAnswer.Begun begun -> "the restart has begun";
            case RestartAnswer.Refused refused -> refused.why();
            case RestartAnswer.Unclear unclear -> unclear.why();
        };
    }

    private static String adminState(StepSituation situation) {
        return situation.node().map(node -> node.adminState().name()).orElse("deleted");
    }

    private static String operator(Trigger trigger) {
        return switch (trigger) {
            case Trigger.Confirm confirm -> confirm.operator();
            case Trigger.Cancel cancel -> cancel.operator();
            case Trigger.Tick tick -> throw new IllegalArgumentException("nobody asked for a tick");
        };
    }

    private static String written(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }
}
