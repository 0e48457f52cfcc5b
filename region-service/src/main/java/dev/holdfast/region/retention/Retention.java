package dev.holdfast.region.retention;

import dev.holdfast.model.store.Leases;
import dev.holdfast.model.store.StoreException;
import dev.holdfast.model.store.StoreRetention;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks through the store now and then, on one replica at a time. */
final class Retention {

    static final String LEASE = "retention";

    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    private final StoreRetention store;
    private final Leases leases;
    private final RetentionSettings settings;
    private final String holder;

    Retention(StoreRetention store, Leases leases, RetentionSettings settings, String holder) {
        this.store = store;
        this.leases = leases;
        this.settings = settings;
        this.holder = holder;
    }

    /** One look, if it is this replica's turn. A store that is away is looked through next time. */
    void run() {
        try {
            // Kept, not released, so that the work is done once an interval; it runs out before its holder comes again.
            Duration timeToLive = settings.interval().multipliedBy(9).dividedBy(10);
            if (leases.acquire(LEASE, holder, timeToLive).isEmpty()) {
                return;
            }
            long deleted =
                    store.prune(settings.journal(), settings.observations(), settings.answers(), settings.operations());
            log.info("retention deleted {} old rows", deleted);
        } catch (StoreException e) {
            log.warn("retention is put off to the next interval", e);
        }
    }
}
