package dev.holdfast.failover.promotion;

import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.replication.Refusal;
import java.util.List;
import java.util.Optional;

/**
 * What to do about a cluster's primary.
 *
 * @param before the record decided on
 * @param record as it is to be stored, by compare-and-set on the number of {@code before}, before any order is given
 * @param orders to be given once that is stored; all carry the number of {@code record}
 * @param events journaled with the record, oldest first
 * @param taken the edges that led here, in order
 * @param inaction why the primary is not replaced although there is cause to
 * @param refused why the operator's request is not followed
 */
public record FailoverDecision(
        PrimaryRecord before,
        PrimaryRecord record,
        List<Order> orders,
        List<FailoverEvent> events,
        List<FailoverEdge> taken,
        Optional<Refusal> inaction,
        Optional<Refusal> refused) {

    public FailoverDecision {
        orders = List.copyOf(orders);
        events = List.copyOf(events);
        taken = List.copyOf(taken);
    }

    /** Whether there is something to store. */
    public boolean changes() {
        return !before.equals(record);
    }
}
