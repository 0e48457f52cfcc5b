package dev.holdfast.failover.command;

import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationType;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an operation would do, had it been started.
 *
 * @param steps in the order in which they would begin
 */
public record OperationPlanView(
        OperationType type,
        ClusterId cluster,
        Optional<NodeId> node,
        Map<String, Object> parameters,
        List<PlannedStep> steps) {

    /** One step of a plan. */
    public record PlannedStep(String kind, Optional<NodeId> node) {}

    static OperationPlanView of(Operation planned) {
        return new OperationPlanView(
                planned.type(),
                planned.cluster(),
                planned.node(),
                planned.parameters(),
                planned.steps().stream()
                        .map(step -> new PlannedStep(step.kind(), step.node()))
                        .toList());
    }
}
