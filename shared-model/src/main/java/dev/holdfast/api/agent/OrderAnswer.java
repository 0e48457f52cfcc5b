package dev.holdfast.api.agent;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.model.replication.Lsn;
import java.util.Optional;

/**
 * What an agent has done about an order.
 *
 * @param detail what was done, or why it failed, for people
 * @param timeline that the node is on
 * @param flushed up to where the log is safe on this node
 * @param replayed up to where a standby has applied it
 * @param forkedAt where a promoted node's timeline left the old one
 * @param keptDirectory where the data directory went that a rewind or clone replaced
 */
public record OrderAnswer(
        OrderId id,
        Epoch epoch,
        OrderOutcome outcome,
        String detail,
        Optional<Long> timeline,
        Optional<Lsn> flushed,
        Optional<Lsn> replayed,
        Optional<Lsn> forkedAt,
        Optional<String> keptDirectory) {

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public OrderAnswer {
        timeline = requireNonNullElse(timeline, Optional.empty());
        flushed = requireNonNullElse(flushed, Optional.empty());
        replayed = requireNonNullElse(replayed, Optional.empty());
        forkedAt = requireNonNullElse(forkedAt, Optional.empty());
        keptDirectory = requireNonNullElse(keptDirectory, Optional.empty());
    }

    /** One without positions. */
    public static OrderAnswer of(AgentOrder order, OrderOutcome outcome, String detail) {
        return new OrderAnswer(
                order.id(),
                order.epoch(),
                outcome,
                detail,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
