package dev.holdfast.store.postgres;

import dev.holdfast.model.store.StoreException;
import dev.holdfast.model.store.StoreUnavailableException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import java.util.Set;
import org.springframework.transaction.CannotCreateTransactionException;

/** Tells by SQLSTATE and type what a failure of the database means to the caller of the store. */
final class StoreFailures {

    /** A cause chain is short; a longer one is a loop. */
    private static final int MAX_CAUSES = 32;

    private static final String READ_ONLY_TRANSACTION = "25006";

    private static final Set<String> RETRIED = Set.of("40001", "40P01");

    private static final Set<String> NOT_MIGRATED = Set.of("42P01", "3F000");

    /** Read-only server, idle in transaction, transaction too long, canceled (by statement timeout), lock not available. */
    private static final Set<String> UNAVAILABLE = Set.of(READ_ONLY_TRANSACTION, "25P03", "25P04", "57014", "55P03");

    /** Connection, insufficient resources, operator intervention (shutdown, starting up), system error. */
    private static final Set<String> UNAVAILABLE_CLASSES = Set.of("08", "53", "57", "58");

    private static final String INTEGRITY_CLASS = "23";

    private static final String DATA_CLASS = "22";

    private StoreFailures() {}

    /** A conflict with another transaction, over once that one has ended. */
    static boolean isRetried(Throwable failure) {
        return sqlFailure(failure).filter(e -> RETRIED.contains(state(e))).isPresent();
    }

    /** The connection leads to a server that is not the primary, or no longer. */
    static boolean isReadOnlyServer(Throwable failure) {
        return sqlFailure(failure)
                .filter(e -> READ_ONLY_TRANSACTION.equals(state(e)))
                .isPresent();
    }

    /** What to throw to the caller: {@code failure} itself when it is none of the database's. */
    static RuntimeException classified(RuntimeException failure) {
        if (failure instanceof StoreException) {
            return failure;
        }
        if (failure instanceof CannotCreateTransactionException) {
            return new StoreUnavailableException("the cluster-state store can't be reached", failure);
        }
        return sqlFailure(failure).map(cause -> ofDatabase(cause, failure)).orElse(failure);
    }

    private static RuntimeException ofDatabase(SQLException cause, RuntimeException failure) {
        String state = state(cause);
        if (NOT_MIGRATED.contains(state)) {
            return new StoreUnavailableException(
                    "the cluster-state store has no tables yet; a service with spring.flyway.enabled=true makes them",
                    failure);
        }
        if (isUnavailable(cause, state)) {
            return new StoreUnavailableException(
                    "the cluster-state store can't be reached, or didn't answer in time", failure);
        }
        if (state.startsWith(INTEGRITY_CLASS)) {
            return new IllegalStateException("the change would break a rule of the store", failure);
        }
        if (state.startsWith(DATA_CLASS)) {
            return new IllegalArgumentException("the store can't hold this value", failure);
        }
        return failure;
    }

    private static boolean isUnavailable(SQLException cause, String state) {
        return cause instanceof SQLTransientConnectionException
                || cause instanceof SQLNonTransientConnectionException
                || cause instanceof SQLRecoverableException
                || UNAVAILABLE.contains(state)
                || RETRIED.contains(state)
                // The pool's own failures, such as being closed.
                || state.isEmpty()
                || (state.length() == 5 && UNAVAILABLE_CLASSES.contains(state.substring(0, 2)));
    }

    private static Optional<SQLException> sqlFailure(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            if (cause instanceof SQLException found) {
                return Optional.of(found);
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    private static String state(SQLException failure) {
        return failure.getSQLState() == null ? "" : failure.getSQLState();
    }
}
