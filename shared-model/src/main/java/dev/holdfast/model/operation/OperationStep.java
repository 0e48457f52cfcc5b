package dev.holdfast.model.operation;

import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.Optional;

/**
 * One step of an operation.
 *
 * @param kind what it does, such as {@code drain}; unique together with the node
 * @param detail how it stands, in words for people
 */
public record OperationStep(
        String kind,
        Optional<NodeId> node,
        StepState state,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        String detail) {

    public static OperationStep pending(String kind, NodeId node) {
        return new OperationStep(kind, Optional.of(node), StepState.PENDING, Optional.empty(), Optional.empty(), "");
    }
}
