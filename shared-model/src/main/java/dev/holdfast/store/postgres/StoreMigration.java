package dev.holdfast.store.postgres;

import dev.holdfast.model.store.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;

/**
 * Brings the store's tables up to date when the service starts or, where the store can't be reached then, as soon as it
 * can. Meanwhile the service runs without a store and is not ready. A migration that fails when the service starts, for
 * any other reason, ends the start.
 */
final class StoreMigration implements FlywayMigrationStrategy, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StoreMigration.class);

    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

    private final ThreadFactory threads;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean pending;

    /** @param threads makes the one thread that waits for the store, if that is needed */
    StoreMigration(ThreadFactory threads) {
        this.threads = threads;
    }

    /** Whether the tables may be older than this service. */
    boolean isPending() {
        return pending;
    }

    @Override
    public void migrate(Flyway flyway) {
        try {
            flyway.migrate();
        } catch (RuntimeException e) {
            if (!(StoreFailures.classified(e) instanceof StoreUnavailableException)) {
                throw e;
            }
            log.warn(
                    "the cluster-state store can't be reached; starting without it, and migrating when it is there", e);
            pending = true;
            threads.newThread(() -> keepTrying(flyway)).start();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }

    private void keepTrying(Flyway flyway) {
        String told = "";
        while (!closedWithinInterval()) {
            try {
                flyway.migrate();
                pending = false;
                log.info("the tables of the cluster-state store are up to date");
                return;
            } catch (RuntimeException e) {
                String reason = String.valueOf(e.getMessage());
                if (!reason.equals(told)) {
                    log.warn("the tables of the cluster-state store can't be brought up to date yet", e);
                }
                told = reason;
            }
        }
    }

    private boolean closedWithinInterval() {
        try {
            return closed.await(RETRY_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
