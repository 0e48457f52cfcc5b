package dev.holdfast.failover.runner;

import dev.holdfast.failover.operation.OperationOrder;
import dev.holdfast.failover.operation.OperationParameters;
import dev.holdfast.model.operation.OperationType;
import dev.holdfast.model.topology.NodeId;
import java.util.List;
import java.util.Optional;

/** Orders as tests give them. */
public final class Orders {

    private Orders() {}

    public static OperationOrder onNode(OperationType type, NodeId node) {
        return new OperationOrder(type, Optional.of(node), parameters(false, Optional.empty(), List.of()));
    }

    public static OperationOrder forcedOnNode(OperationType type, NodeId node) {
        return new OperationOrder(type, Optional.of(node), parameters(true, Optional.empty(), List.of()));
    }

    public static OperationOrder rollingRestart(int maxUnavailable, NodeId... nodes) {
        return new OperationOrder(
                OperationType.ROLLING_RESTART,
                Optional.empty(),
                parameters(false, Optional.of(maxUnavailable), List.of(nodes)));
    }

    private static OperationParameters parameters(boolean force, Optional<Integer> maxUnavailable, List<NodeId> nodes) {
        return new OperationParameters(
                Optional.of("a test"),
                force,
                maxUnavailable,
                nodes,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
