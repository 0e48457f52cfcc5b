package dev.holdfast.model.replication;

import java.util.Comparator;

/**
 * Numbers an order. An agent persists the highest it has accepted and refuses lower ones.
 *
 * <p>The epoch alone is not enough: within one epoch a delayed {@code Synchronise} could undo a newer one.
 *
 * @param epoch grows whenever the primary may change
 * @param step grows with each change of the cluster's record, over all epochs
 */
public record OrderNumber(long epoch, long step) implements Comparable<OrderNumber> {

    private static final Comparator<OrderNumber> ORDER =
            Comparator.comparingLong(OrderNumber::epoch).thenComparingLong(OrderNumber::step);

    @Override
    public int compareTo(OrderNumber other) {
        return ORDER.compare(this, other);
    }
}
