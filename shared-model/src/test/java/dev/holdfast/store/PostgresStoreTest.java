package dev.holdfast.store;

import dev.holdfast.store.postgres.PostgresForTests;
import dev.holdfast.store.postgres.StoreOnPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresStoreTest extends ClusterStateStoreContract {

    private final PostgresForTests.Database database = PostgresForTests.freshDatabase();
    private final StoreOnPostgres opened = StoreOnPostgres.open(database);

    @AfterAll
    void close() {
        opened.close();
    }

    @Override
    protected Subject emptied() {
        execute(
                "TRUNCATE region, zone, cluster, cluster_primary, node, node_health, observer, observer_isolation, opinion, observation,"
                        + " operation, lease, remembered_answer, journal_cursor");
        return new Subject(opened.store(), opened.leases(), opened.observers(), opened.retention());
    }

    /** The server's clock can't be moved, but what it is compared with can. */
    @Override
    protected void pass(Duration time) {
        String back = " - interval '" + time.toMillis() + " milliseconds'";
        execute("UPDATE lease SET expires_at = expires_at" + back);
        execute("UPDATE observer SET heartbeat_at = heartbeat_at" + back);
        execute("UPDATE journal SET at = at" + back);
        execute("UPDATE observation SET recorded_at = recorded_at" + back);
        execute("UPDATE remembered_answer SET at = at" + back);
        execute("UPDATE operation SET ended_at = ended_at" + back);
    }

    private void execute(String sql) {
        try (Connection connection =
                        DriverManager.getConnection(database.url(), database.username(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
