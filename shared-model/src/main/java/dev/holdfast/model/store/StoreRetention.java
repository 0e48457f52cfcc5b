package dev.holdfast.model.store;

import java.time.Duration;

/** Deletes what is old, in bounded batches. */
public interface StoreRetention {

    /**
     * Deletes journal events, observations, remembered answers, ended operations and, as old as these, leases that have run
     * out, by the store's clock. The newest journal event is always kept, so that readers can tell that they missed others.
     *
     * @return how many rows were deleted
     */
    long prune(Duration journal, Duration observations, Duration answers, Duration operations);
}
