package dev.holdfast.agent.postgres;

import dev.holdfast.model.replication.OrderNumber;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;

/** A row that is written through the primary to see that commits are acknowledged, in schema {@code holdfast}. */
final class LedgerRow {

    /** How long an acknowledgement by the standbys may take; well above that of any that are connected. */
    private static final Duration WAIT = Duration.ofSeconds(5);

    private static final String TABLE = """
            CREATE TABLE IF NOT EXISTS holdfast.ledger (
                epoch bigint NOT NULL, step bigint NOT NULL, written_at timestamptz NOT NULL, PRIMARY KEY (epoch, step))""";

    private static final String WRITE = """
            INSERT INTO holdfast.ledger (epoch, step, written_at) VALUES (?, ?, clock_timestamp())
            ON CONFLICT (epoch, step) DO UPDATE SET written_at = excluded.written_at""";

    private static final String READ = "SELECT 1 FROM holdfast.ledger WHERE epoch = ? AND step = ?";

    private LedgerRow() {}

    /**
     * Writes the row with the number of the order and reads it back. Whatever isn't acknowledged in time is an exception.
     * The wait ends by terminating the session: a cancelled one would be answered as if it had been acknowledged.
     */
    static void write(Server server, Duration callLimit, OrderNumber number) throws PostgresException {
        String session = "";
        try (Connection connection = server.connect(WAIT)) {
            session = Server.ask(connection, "SELECT pg_backend_pid()").orElseThrow();
            prepare(connection);
            try (PreparedStatement statement = connection.prepareStatement(WRITE)) {
                statement.setLong(1, number.epoch());
                statement.setLong(2, number.step());
                statement.executeUpdate();
                SQLWarning warning = statement.getWarnings();
                if (warning != null) {
                    throw new PostgresException("the row isn't acknowledged: " + warning.getMessage());
                }
            }
            if (!isThere(connection, number)) {
                throw new PostgresException("the row that was written can't be read back");
            }
        } catch (SQLException e) {
            terminate(server, callLimit, session);
            throw new PostgresException(
                    "the row isn't acknowledged within " + WAIT.toSeconds() + " s: " + e.getMessage(), e);
        }
    }

    static boolean isThere(Connection connection, OrderNumber number) throws SQLException {
        return Server.ask(connection, READ, number.epoch(), number.step()).isPresent();
    }

    private static void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET synchronous_commit = on");
            // A user's limits would cancel the wait.
            statement.execute("SET statement_timeout = 0");
            statement.execute("SET lock_timeout = 0");
            if (Server.ask(connection, "SELECT to_regclass('holdfast.ledger')").isEmpty()) {
                statement.execute("CREATE SCHEMA IF NOT EXISTS holdfast");
                statement.execute(TABLE);
            }
        }
    }

    private static void terminate(Server server, Duration callLimit, String session) throws PostgresException {
        if (!session.isEmpty()) {
            Optional<String> _ = server.ask(callLimit, "SELECT pg_terminate_backend(?::int)", session);
        }
    }
}
