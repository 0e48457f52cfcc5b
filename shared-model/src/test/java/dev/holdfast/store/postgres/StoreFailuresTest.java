package dev.holdfast.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.store.StaleVersionException;
import dev.holdfast.model.store.StoreUnavailableException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.transaction.CannotCreateTransactionException;

class StoreFailuresTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "08001", "08006", "25006", "25P03", "25P04", "40001", "40P01", "42P01", "53300", "53100", "55P03",
                "57014", "57P01", "57P03", "58030"
            })
    void theStoreIsUnavailable(String state) {
        assertThat(StoreFailures.classified(failure(state))).isInstanceOf(StoreUnavailableException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "23503, java.lang.IllegalStateException",
        "23505, java.lang.IllegalStateException",
        "23514, java.lang.IllegalStateException",
        "22P05, java.lang.IllegalArgumentException",
        "22021, java.lang.IllegalArgumentException",
        "42601, org.springframework.jdbc.UncategorizedSQLException"
    })
    void theChangeIsAtFault(String state, Class<? extends RuntimeException> type) {
        assertThat(StoreFailures.classified(failure(state))).isExactlyInstanceOf(type);
    }

    @Test
    void whatIsNotTheDatabasesComesOutAsItIs() {
        RuntimeException stale = new StaleVersionException("changed meanwhile");
        RuntimeException fault = new IllegalArgumentException("on purpose");

        assertThat(StoreFailures.classified(stale)).isSameAs(stale);
        assertThat(StoreFailures.classified(fault)).isSameAs(fault);
    }

    @Test
    void thePoolsFailuresAreOfAvailability() {
        assertThat(StoreFailures.classified(new RuntimeException(
                        new SQLTransientConnectionException("store - Connection is not available"))))
                .isInstanceOf(StoreUnavailableException.class);
        assertThat(StoreFailures.classified(new RuntimeException(new SQLException("Connection is closed"))))
                .isInstanceOf(StoreUnavailableException.class);
        assertThat(StoreFailures.classified(new CannotCreateTransactionException("no connection")))
                .isInstanceOf(StoreUnavailableException.class);
    }

    @ParameterizedTest
    @CsvSource({"40001, true", "40P01, true", "55P03, false", "08006, false", "23505, false"})
    void onlyConflictsAreRetried(String state, boolean retried) {
        assertThat(StoreFailures.isRetried(failure(state))).isEqualTo(retried);
    }

    @Test
    void aReadOnlyServerIsKnown() {
        assertThat(StoreFailures.isReadOnlyServer(failure("25006"))).isTrue();
        assertThat(StoreFailures.isReadOnlyServer(failure("25P03"))).isFalse();
    }

    private static RuntimeException failure(String state) {
        return new UncategorizedSQLException("change", null, new SQLException("as the server says", state));
    }
}
