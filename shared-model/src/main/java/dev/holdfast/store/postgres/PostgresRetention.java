package dev.holdfast.store.postgres;

import dev.holdfast.model.store.StoreRetention;
import java.time.Duration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Deletes in batches, each a transaction of its own, so that nobody waits long for one. */
final class PostgresRetention implements StoreRetention {

    /** Deleted within milliseconds. */
    private static final int BATCH = 1_000;

    /** What one call deletes at most of each kind; the next call goes on. */
    private static final int MAX_BATCHES = 1_000;

    /** A prefix of the journal, whatever the clock did meanwhile, and never the newest event: what is left has no gap. */
    private static final String JOURNAL = """
            DELETE FROM journal WHERE revision IN (
                SELECT revision FROM journal
                WHERE revision < least(
                    (SELECT max(revision) FROM journal),
                    (SELECT min(revision) FROM journal
                     WHERE at >= clock_timestamp() - :millis * interval '1 millisecond'))
                ORDER BY revision LIMIT :batch)""";

    private static final String OBSERVATIONS = """
            DELETE FROM observation WHERE id IN (
                SELECT id FROM observation
                WHERE recorded_at < clock_timestamp() - :millis * interval '1 millisecond' LIMIT :batch)""";

    private static final String ANSWERS = """
            DELETE FROM remembered_answer WHERE (service, key) IN (
                SELECT service, key FROM remembered_answer
                WHERE at < clock_timestamp() - :millis * interval '1 millisecond' LIMIT :batch)""";

    private static final String OPERATIONS = """
            DELETE FROM operation WHERE id IN (
                SELECT id FROM operation
                WHERE NOT active AND ended_at < clock_timestamp() - :millis * interval '1 millisecond' LIMIT :batch)""";

    /**
     * Nobody who held one of these can still act on it; the next grant of its name begins with the first token again. The
     * outer condition spares one that is granted at this very moment.
     */
    private static final String LEASES = """
            DELETE FROM lease WHERE name IN (
                SELECT name FROM lease
                WHERE expires_at < clock_timestamp() - :millis * interval '1 millisecond' LIMIT :batch)
            AND expires_at < clock_timestamp() - :millis * interval '1 millisecond'""";

    private final StoreTransactions transactions;
    private final JdbcClient jdbc;

    PostgresRetention(StoreTransactions transactions, JdbcClient jdbc) {
        this.transactions = transactions;
        this.jdbc = jdbc;
    }

    @Override
    public long prune(Duration journal, Duration observations, Duration answers, Duration operations) {
        return delete(JOURNAL, journal)
                + delete(OBSERVATIONS, observations)
                + delete(ANSWERS, answers)
                + delete(OPERATIONS, operations)
                + delete(LEASES, operations);
    }

    private long delete(String sql, Duration age) {
        long deleted = 0;
        for (int batch = 0; batch < MAX_BATCHES; batch++) {
            int rows = transactions.write(() -> jdbc.sql(sql)
                    .param("millis", age.toMillis())
                    .param("batch", BATCH)
                    .update());
            deleted += rows;
            if (rows < BATCH) {
                break;
            }
        }
        return deleted;
    }
}
