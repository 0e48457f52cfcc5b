package dev.holdfast.failover.operation;

import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.operation.OperationStep;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Node;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** The end of an operation on which no decision can be made, and which would otherwise keep others from its cluster. */
public final class GivenUp {

    private GivenUp() {}

    /** @param nodes of the cluster */
    public static Operation ended(Operation operation, List<Node> nodes, Instant now, String why) {
        String left = nodes.stream()
                .filter(node -> node.adminState() != AdminState.ENABLED
                        && operation.steps().stream().anyMatch(step -> hasTouched(step, node)))
                .map(node -> " %s is %s: when it is in order, bring it back with POST /api/v1/nodes/%s/enable."
                        .formatted(node.id(), node.adminState(), node.id()))
                .collect(Collectors.joining());
        return Documents.ended(
                operation,
                OperationState.FAILED,
                now,
                "Given up after unexpected failures, which failover-service has logged; the last one: " + why + "."
                        + left);
    }

    private static boolean hasTouched(OperationStep step, Node node) {
        return step.startedAt().isPresent()
                && step.node().filter(node.id()::equals).isPresent();
    }
}
