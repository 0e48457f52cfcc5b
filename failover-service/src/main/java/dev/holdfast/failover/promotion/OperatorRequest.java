package dev.holdfast.failover.promotion;

import dev.holdfast.model.topology.NodeId;
import java.util.Optional;

/** What an operator asks for. Each applies to the epoch that the operator has seen, and to no later one. */
public sealed interface OperatorRequest {

    long epoch();

    String operator();

    /** Who shall become primary, if the operator says so. */
    default Optional<NodeId> wanted() {
        return switch (this) {
            case Failover failover -> failover.target();
            case Switchover switchover -> switchover.target();
            case Cancel ignored -> Optional.empty();
            case AcknowledgeFlapping ignored -> Optional.empty();
        };
    }

    /** Replace the primary whatever its health. */
    record Failover(long epoch, String operator, Optional<NodeId> target, boolean allowDataLoss, String reason)
            implements OperatorRequest {}

    /** Hand the primary's role over with nothing lost and the least interruption. */
    record Switchover(long epoch, String operator, Optional<NodeId> target, String reason) implements OperatorRequest {}

    /** Give the running operation up, while nothing has been promoted. */
    record Cancel(long epoch, String operator) implements OperatorRequest {}

    /** The operator has looked into the many failovers: automatic ones may go on. */
    record AcknowledgeFlapping(long epoch, String operator) implements OperatorRequest {}
}
