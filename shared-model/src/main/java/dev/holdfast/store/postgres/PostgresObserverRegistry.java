package dev.holdfast.store.postgres;

import dev.holdfast.model.health.Observer;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.store.ObserverRegistry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A heartbeat locks only its own row, in a way that references to it don't wait for. */
final class PostgresObserverRegistry implements ObserverRegistry {

    private static final String SELECT = """
            SELECT observer.*, heartbeat_at > %s - :ttl * interval '1 millisecond' AS live,
                EXISTS (SELECT FROM observer_isolation WHERE observer_id = observer.id) AS isolated
            FROM observer ORDER BY id""";

    private final StoreTransactions transactions;
    private final JdbcClient jdbc;
    private final Duration observerTtl;

    PostgresObserverRegistry(StoreTransactions transactions, JdbcClient jdbc, Duration observerTtl) {
        this.transactions = transactions;
        this.jdbc = jdbc;
        this.observerTtl = observerTtl;
    }

    @Override
    public List<Observer> heartbeat(ObserverId id, String location, int declaredObservers) {
        return transactions.write(() -> {
            jdbc.sql("""
                            INSERT INTO observer (id, location, declared_observers, heartbeat_at)
                            VALUES (:id, :location, :declared, clock_timestamp())
                            ON CONFLICT (id) DO UPDATE SET location = excluded.location,
                                declared_observers = excluded.declared_observers,
                                heartbeat_at = clock_timestamp()""")
                    .param("id", id.value())
                    .param("location", location)
                    .param("declared", declaredObservers)
                    .update();
            return jdbc.sql(SELECT.formatted("clock_timestamp()"))
                    .param("ttl", observerTtl.toMillis())
                    .query(PostgresObserverRegistry::observer)
                    .list();
        });
    }

    /** All observers, live or not as of {@code now}. */
    static List<Observer> observers(JdbcClient jdbc, Instant now, Duration observerTtl) {
        return jdbc.sql(SELECT.formatted(":now"))
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("ttl", observerTtl.toMillis())
                .query(PostgresObserverRegistry::observer)
                .list();
    }

    private static Observer observer(ResultSet row, int number) throws SQLException {
        return new Observer(
                new ObserverId(row.getString("id")),
                row.getString("location"),
                row.getInt("declared_observers"),
                row.getBoolean("isolated"),
                row.getObject("heartbeat_at", OffsetDateTime.class).toInstant(),
                row.getBoolean("live"));
    }
}
