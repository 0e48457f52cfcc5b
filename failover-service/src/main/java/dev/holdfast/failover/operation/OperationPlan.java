package dev.holdfast.failover.operation;

import dev.holdfast.api.problem.FieldError;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.model.operation.OperationStep;
import dev.holdfast.model.operation.OperationType;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.NodeRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What an order comes to in the cluster as it stands. */
public sealed interface OperationPlan {

    /** It can start, with these steps. */
    record Ready(List<OperationStep> steps) implements OperationPlan {

        public Ready {
            steps = List.copyOf(steps);
        }
    }

    /** It must not start; the detail says why, and what would help. */
    record Refused(ProblemCode code, String detail, List<FieldError> errors) implements OperationPlan {

        public Refused {
            errors = List.copyOf(errors);
        }

        static Refused because(ProblemCode code, String detail) {
            return new Refused(code, detail, List.of());
        }
    }

    /** An order about one node names a node of {@code members}. */
    static OperationPlan of(OperationOrder order, ClusterState.Members members) {
        List<FieldError> strangers = strangers(order.parameters().nodes(), members);
        if (!strangers.isEmpty()) {
            return new Refused(
                    ProblemCode.VALIDATION_FAILED,
                    "Only nodes of " + members.cluster().id() + " can be restarted with it.",
                    strangers);
        }
        if (order.type() == OperationType.ROLLING_RESTART
                && members.cluster().settings().postgresql().isPresent()) {
            return Refused.because(
                    ProblemCode.WRONG_KIND_OF_CLUSTER,
                    "%s is a PostgreSQL cluster, and this version has no rolling restart of one."
                            .formatted(members.cluster().id()));
        }
        List<Node> nodes = order.type() == OperationType.ROLLING_RESTART
                ? RestartOrder.of(members, Set.copyOf(order.parameters().nodes()))
                : members.nodes().stream()
                        .filter(node -> order.node().filter(node.id()::equals).isPresent())
                        .toList();
        if (nodes.isEmpty()) {
            return Refused.because(
                    ProblemCode.CLUSTER_NOT_READY,
                    "%s has no enabled node to restart; name those to restart in spite of that in \"nodes\"."
                            .formatted(members.cluster().id()));
        }
        if (order.type() == OperationType.DRAIN && nodes.getFirst().adminState() == AdminState.MAINTENANCE) {
            return Refused.because(
                    ProblemCode.CLUSTER_NOT_READY,
                    "%s is in MAINTENANCE and gets no requests; there is nothing to drain."
                            .formatted(nodes.getFirst().id()));
        }
        if (order.node().isPresent()
                && order.type() != OperationType.ENABLE
                && members.roleOf(nodes.getFirst().id()) == NodeRole.PRIMARY) {
            return Refused.because(
                    ProblemCode.NODE_IS_PRIMARY,
                    "%s is the primary of %s and can't leave service; switch over to another node first."
                            .formatted(nodes.getFirst().id(), members.cluster().id()));
        }
        List<OperationStep> steps = new ArrayList<>();
        for (Node node : nodes) {
            for (StepKind kind : kinds(order.type(), node)) {
                steps.add(OperationStep.pending(kind.written(), node.id()));
            }
        }
        boolean takesNodesOut = StepKind.of(steps.getFirst()) == StepKind.AWAIT_PEERS;
        return takesNodesOut ? spared(order, members, nodes.getFirst(), steps) : new Ready(steps);
    }

    private static OperationPlan spared(
            OperationOrder order, ClusterState.Members members, Node first, List<OperationStep> steps) {
        long inService = Serving.peersInService(members, first);
        long needed = Serving.peersNeeded(members, first, order.parameters());
        if (inService >= needed) {
            return new Ready(steps);
        }
        if (inService == 0 && members.takesTraffic(first)) {
            return Refused.because(
                    ProblemCode.LAST_HEALTHY_NODE,
                    ("%s is the last node of %s that takes traffic. Bring another one into service first, or repeat this"
                                    + " with force=true and a reason.")
                            .formatted(first.id(), members.cluster().id()));
        }
        return Refused.because(
                ProblemCode.CLUSTER_NOT_READY,
                ("%d nodes of %s besides %s take traffic and %d are needed; out of service: %s. Bring these back first,"
                                + " allow more in maxUnavailable, or repeat this with force=true and a reason.")
                        .formatted(inService, members.cluster().id(), first.id(), needed, outOfService(members)));
    }

    private static String outOfService(ClusterState.Members members) {
        return members.nodes().stream()
                .filter(node -> !members.takesTraffic(node))
                .map(node -> node.id().value())
                .collect(Collectors.joining(", "));
    }

    private static List<StepKind> kinds(OperationType type, Node node) {
        boolean isOut = node.adminState() == AdminState.MAINTENANCE;
        return switch (type) {
            case DRAIN -> List.of(StepKind.AWAIT_PEERS, StepKind.DRAIN, StepKind.AWAIT_IDLE);
            case MAINTENANCE ->
                isOut
                        ? List.of(StepKind.MAINTENANCE)
                        : List.of(StepKind.AWAIT_PEERS, StepKind.DRAIN, StepKind.AWAIT_IDLE, StepKind.MAINTENANCE);
            case ENABLE -> List.of(StepKind.ENABLE, StepKind.AWAIT_TRAFFIC);
            case ROLLING_RESTART ->
                isOut
                        ? List.of(
                                StepKind.AWAIT_PEERS,
                                StepKind.RESTART,
                                StepKind.AWAIT_ANSWERS,
                                StepKind.ENABLE,
                                StepKind.AWAIT_TRAFFIC)
                        : List.of(
                                StepKind.AWAIT_PEERS,
                                StepKind.DRAIN,
                                StepKind.AWAIT_IDLE,
                                StepKind.MAINTENANCE,
                                StepKind.RESTART,
                                StepKind.AWAIT_ANSWERS,
                                StepKind.ENABLE,
                                StepKind.AWAIT_TRAFFIC);
        };
    }

    private static List<FieldError> strangers(List<NodeId> wanted, ClusterState.Members members) {
        Set<NodeId> known = members.nodes().stream().map(Node::id).collect(Collectors.toSet());
        List<FieldError> errors = new ArrayList<>();
        for (int index = 0; index < wanted.size(); index++) {
            if (!known.contains(wanted.get(index))) {
                errors.add(new FieldError(
                        "nodes[" + index + "]",
                        wanted.get(index) + " is no node of "
                                + members.cluster().id()));
            }
        }
        return errors;
    }
}
