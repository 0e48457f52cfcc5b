package dev.holdfast.store.postgres;

import dev.holdfast.model.store.StoreUnavailableException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Runs work in transactions that the server itself ends when they take too long, so that a client that is frozen or cut
 * off can't hold up the others. Failures come out as the port's exceptions.
 */
final class StoreTransactions {

    /** No statement of the store takes longer than milliseconds; past this the server is in trouble. */
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(5);

    /**
     * How long a change waits for those before it. Longer than {@link #CHANGE_IDLE_TIMEOUT}, so that it outlasts a
     * frozen holder, and shorter than {@link #STATEMENT_TIMEOUT}, so that the failure names the lock.
     */
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(4);

    /** A holder of the change lock that sends nothing for this long is frozen or gone; pauses of a live one are shorter. */
    private static final Duration CHANGE_IDLE_TIMEOUT = Duration.ofSeconds(2);

    /** A reader holds up nobody, only the cleaning up of old row versions. */
    private static final Duration READ_IDLE_TIMEOUT = Duration.ofSeconds(10);

    /** Conflicts are rare (a lease or heartbeat that meets a change): twice in a row is chance, more is a fault. */
    private static final int MAX_ATTEMPTS = 3;

    /** Said, whatever the server's default: a change must see what was committed while it waited for its turn. */
    private static final String LATEST = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; ";

    private static final String SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; ";

    private static final TransactionDefinition READ = readOnly();

    private static final TransactionDefinition WRITE = TransactionDefinition.withDefaults();

    private final PlatformTransactionManager manager;
    private final JdbcTemplate jdbc;
    private final Runnable onReadOnlyServer;
    private final BooleanSupplier migrationPending;

    /**
     * @param onReadOnlyServer called when a connection turned out to lead to a server that is not the primary
     * @param migrationPending whether the tables may still be older than this service
     */
    StoreTransactions(
            PlatformTransactionManager manager,
            JdbcTemplate jdbc,
            Runnable onReadOnlyServer,
            BooleanSupplier migrationPending) {
        this.manager = manager;
        this.jdbc = jdbc;
        this.onReadOnlyServer = onReadOnlyServer;
        this.migrationPending = migrationPending;
    }

    /** Runs {@code work} on one snapshot, and writes nothing. */
    <T> T read(Supplier<? extends T> work) {
        return bounded(READ, SNAPSHOT + limits(READ_IDLE_TIMEOUT), work, false);
    }

    /** Runs {@code work}, each statement seeing what was committed before it, and commits. */
    <T> T write(Supplier<? extends T> work) {
        return bounded(WRITE, LATEST + limits(CHANGE_IDLE_TIMEOUT), work, false);
    }

    /** Runs {@code work} as {@link #write} does, and commits nothing. */
    <T> T rehearse(Supplier<? extends T> work) {
        return bounded(WRITE, LATEST + limits(CHANGE_IDLE_TIMEOUT), work, true);
    }

    private <T> T bounded(TransactionDefinition kind, String limits, Supplier<? extends T> work, boolean rollBack) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("a call of the store from inside another");
        }
        if (migrationPending.getAsBoolean()) {
            throw new StoreUnavailableException(
                    "the cluster-state store's tables are not up to date yet",
                    new SQLTransientException("this service brings them up to date as soon as it reaches the store"));
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return once(kind, limits, work, rollBack);
            } catch (RuntimeException e) {
                if (StoreFailures.isReadOnlyServer(e)) {
                    onReadOnlyServer.run();
                }
                if (attempt == MAX_ATTEMPTS || !StoreFailures.isRetried(e)) {
                    throw StoreFailures.classified(e);
                }
            }
        }
    }

    private <T> T once(TransactionDefinition kind, String limits, Supplier<? extends T> work, boolean rollBack) {
        TransactionStatus transaction = manager.getTransaction(kind);
        T result;
        try {
            jdbc.execute(limits);
            result = work.get();
        } catch (RuntimeException | Error e) {
            rollBackAfter(e, transaction);
            throw e;
        }
        if (rollBack) {
            manager.rollback(transaction);
        } else {
            manager.commit(transaction);
        }
        return result;
    }

    /** Where the connection is gone, the rollback fails too; what counts is why it was needed. */
    private void rollBackAfter(Throwable failure, TransactionStatus transaction) {
        try {
            manager.rollback(transaction);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private static TransactionDefinition readOnly() {
        DefaultTransactionDefinition definition = new DefaultTransactionDefinition();
        definition.setReadOnly(true);
        return definition;
    }

    private static String limits(Duration idle) {
        return "SET LOCAL statement_timeout = " + STATEMENT_TIMEOUT.toMillis()
                + "; SET LOCAL lock_timeout = " + LOCK_TIMEOUT.toMillis()
                + "; SET LOCAL idle_in_transaction_session_timeout = " + idle.toMillis();
    }
}
