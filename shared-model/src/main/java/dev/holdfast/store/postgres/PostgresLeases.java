package dev.holdfast.store.postgres;

import dev.holdfast.model.store.Lease;
import dev.holdfast.model.store.Leases;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Each call is one statement on the server's clock. */
final class PostgresLeases implements Leases {

    private final StoreTransactions transactions;
    private final JdbcClient jdbc;

    PostgresLeases(StoreTransactions transactions, JdbcClient jdbc) {
        this.transactions = transactions;
        this.jdbc = jdbc;
    }

    @Override
    public Optional<Lease> acquire(String name, String holder, Duration timeToLive) {
        return transactions.write(() -> jdbc.sql("""
                        INSERT INTO lease (name, holder, fencing_token, expires_at)
                        VALUES (:name, :holder, 1, clock_timestamp() + :millis * interval '1 millisecond')
                        ON CONFLICT (name) DO UPDATE SET
                            holder = excluded.holder,
                            fencing_token = lease.fencing_token
                                + CASE WHEN lease.expires_at > clock_timestamp() THEN 0 ELSE 1 END,
                            expires_at = clock_timestamp() + :millis * interval '1 millisecond'
                        WHERE lease.holder = excluded.holder OR lease.expires_at <= clock_timestamp()
                        RETURNING name, holder, fencing_token, expires_at""")
                .param("name", name)
                .param("holder", holder)
                .param("millis", timeToLive.toMillis())
                .query((row, number) -> new Lease(
                        row.getString("name"),
                        row.getString("holder"),
                        row.getLong("fencing_token"),
                        row.getObject("expires_at", OffsetDateTime.class).toInstant()))
                .optional());
    }

    @Override
    public void release(Lease lease) {
        // The row stays, run out, so that the next grant has a greater token.
        transactions.write(() -> jdbc.sql("""
                        UPDATE lease SET expires_at = clock_timestamp()
                        WHERE name = :name AND fencing_token = :token AND expires_at > clock_timestamp()""")
                .param("name", lease.name())
                .param("token", lease.fencingToken())
                .update());
    }
}
