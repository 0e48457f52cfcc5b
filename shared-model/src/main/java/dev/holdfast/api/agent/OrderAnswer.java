package dev.holdfast.api.agent;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.model.replication.OrderNumber;
import java.util.Optional;

/**
 * What an agent has done about an order.
 *
 * @param detail what was done, or why it failed, for people
 * @param keptDirectory where the data directory went that a rewind or clone replaced
 * @param report the state of the node after it, so that nobody has to ask again
 */
public record OrderAnswer(
        OrderNumber number,
        OrderOutcome outcome,
        String detail,
        Optional<String> keptDirectory,
        Optional<AgentReport> report) {

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public OrderAnswer {
        keptDirectory = requireNonNullElse(keptDirectory, Optional.empty());
        report = requireNonNullElse(report, Optional.empty());
    }

    /** Without a report. */
    public static OrderAnswer of(AgentOrder order, OrderOutcome outcome, String detail) {
        return new OrderAnswer(order.number(), outcome, detail, Optional.empty(), Optional.empty());
    }

    public OrderAnswer withReport(AgentReport newReport) {
        return new OrderAnswer(number, outcome, detail, keptDirectory, Optional.of(newReport));
    }
}
