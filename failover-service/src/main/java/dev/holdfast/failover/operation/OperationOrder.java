package dev.holdfast.failover.operation;

import dev.holdfast.model.operation.OperationType;
import dev.holdfast.model.topology.NodeId;
import java.util.Optional;

/**
 * An operation that somebody wants.
 *
 * @param node the one it is about; empty for the whole cluster
 */
public record OperationOrder(OperationType type, Optional<NodeId> node, OperationParameters parameters) {}
