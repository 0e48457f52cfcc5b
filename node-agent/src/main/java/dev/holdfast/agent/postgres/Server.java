package dev.holdfast.agent.postgres;

import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.topology.Endpoint;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.commons.dbcp2.BasicDataSource;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server that is asked over SQL: the node's own, or its upstream. Every call has a limit. */
final class Server implements AutoCloseable {

    /** Ours are told from the users' sessions by it. */
    static final String APPLICATION = "holdfast-agent";

    private static final String DATABASE = "postgres";

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);

    private static final String OLDEST_VERSION = "14";

    private static final int KEPT_SESSIONS = 2;

    /** For a kept session to show that its server is still there. */
    private static final Duration VALIDATION_LIMIT = Duration.ofSeconds(1);

    /** When the settings that new sessions have were read. */
    static final String LOADED = "SELECT pg_conf_load_time()::text";

    private static final String OBSERVE = """
            SELECT pg_is_in_recovery() AS in_recovery,
                CASE WHEN pg_is_in_recovery()
                    THEN greatest((pg_control_checkpoint()).timeline_id,
                        (pg_control_recovery()).min_recovery_end_timeline, r.received_tli)
                    ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END AS timeline,
                CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_lsn() END AS written,
                CASE WHEN pg_is_in_recovery()
                    THEN greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
                    ELSE pg_current_wal_flush_lsn() END AS flushed,
                CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() END AS replayed,
                r.pid IS NOT NULL AS has_receiver, r.status, r.sender_host, r.sender_port, r.latest_end_lsn,
                current_setting('primary_conninfo') AS primary_conninfo,
                current_setting('synchronous_standby_names') AS synchronous_standby_names,
                current_setting('server_version_num')::int AS server_version,
                pg_postmaster_start_time()::text AS started_at,
                (SELECT setting::bigint FROM pg_settings WHERE name = 'wal_segment_size') AS segment_size,
                (pg_control_system()).system_identifier::text AS system_identifier,
                NOT pg_is_in_recovery() OR pg_last_wal_receive_lsn() IS NOT NULL
                    OR EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'startup'
                        AND wait_event IN ('RecoveryRetrieveRetryInterval', 'RecoveryWalStream')) AS end_known
            FROM (SELECT 1) AS one LEFT JOIN pg_stat_wal_receiver AS r ON true""";

    private static final String STANDBYS = """
            SELECT application_name, state, sync_state, sent_lsn, write_lsn, flush_lsn, replay_lsn, reply_time
            FROM pg_stat_replication""";

    private final Endpoint address;
    private final String username;
    private final String password;
    private final Optional<BasicDataSource> kept;

    /** Each question goes over a session of its own. */
    Server(Endpoint address, String username, String password) {
        this.address = address;
        this.username = username;
        this.password = password;
        this.kept = Optional.empty();
    }

    private Server(Server each, BasicDataSource kept) {
        this.address = each.address;
        this.username = each.username;
        this.password = each.password;
        this.kept = Optional.of(kept);
    }

    /** The same, keeping a few sessions from one question to the next: a new one costs a process and a handshake. */
    Server keepingSessions() {
        BasicDataSource sessions = new BasicDataSource();
        sessions.setUrl(url());
        properties(CONNECT_LIMIT).forEach((name, value) -> sessions.addConnectionProperty("" + name, "" + value));
        sessions.setMaxTotal(-1);
        sessions.setMaxIdle(KEPT_SESSIONS);
        sessions.setTestOnBorrow(true);
        sessions.setValidationQueryTimeout(VALIDATION_LIMIT);
        return new Server(this, sessions);
    }

    /** Ends the sessions that were kept, if any were. */
    @Override
    public void close() throws PostgresException {
        if (kept.isPresent()) {
            try {
                kept.get().close();
            } catch (SQLException e) {
                throw new PostgresException("the sessions with " + address + " can't be ended: " + e.getMessage(), e);
            }
        }
    }

    /** Work on a connection. */
    @FunctionalInterface
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /** Does the work on a connection that nobody else uses meanwhile. */
    <T> T with(Duration limit, Work<T> work) throws PostgresException {
        try (Connection connection = kept.isPresent() ? kept.get().getConnection() : connect(limit)) {
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(limit.toMillis()));
            return work.on(connection);
        } catch (SQLException e) {
            throw new PostgresException("PostgreSQL at " + address + ": " + e.getMessage(), e);
        }
    }

    void execute(Duration limit, String sql) throws PostgresException {
        with(limit, connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(sql);
            }
        });
    }

    /** The first column of the first row as text; empty when there is no row, or null in it. */
    Optional<String> ask(Duration limit, String sql, Object... parameters) throws PostgresException {
        return with(limit, connection -> ask(connection, sql, parameters));
    }

    static Optional<String> ask(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet result = statement.executeQuery()) {
                return result.next() ? Optional.ofNullable(result.getString(1)) : Optional.empty();
            }
        }
    }

    Observation observe(Duration limit) throws PostgresException {
        return with(limit, Server::observe);
    }

    static Observation observe(Connection connection) throws SQLException {
        List<Observation.Standby> standbys = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery(STANDBYS)) {
                while (row.next()) {
                    standbys.add(standby(row));
                }
            }
            try (ResultSet row = statement.executeQuery(OBSERVE)) {
                row.next();
                return observation(row, standbys);
            }
        }
    }

    /** The history of a timeline that the server knows. */
    TimelineHistory history(Duration limit, long timeline) throws PostgresException {
        if (timeline == TimelineHistory.FIRST) {
            return new TimelineHistory(timeline, List.of());
        }
        String file = "pg_wal/" + TimelineHistory.fileName(timeline);
        return TimelineHistory.parse(
                timeline, ask(limit, "SELECT pg_read_file(?)", file).orElse(""));
    }

    /** A new session. */
    Connection connect(Duration answerLimit) throws SQLException {
        return DriverManager.getConnection(url(), properties(answerLimit));
    }

    private String url() {
        return "jdbc:postgresql://" + address + "/" + DATABASE;
    }

    private Properties properties(Duration answerLimit) {
        Properties properties = new Properties();
        properties.setProperty("user", username);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", APPLICATION);
        long seconds = Math.max(1, answerLimit.toSeconds());
        properties.setProperty("connectTimeout", Long.toString(Math.min(seconds, CONNECT_LIMIT.toSeconds())));
        properties.setProperty("loginTimeout", Long.toString(Math.min(seconds, CONNECT_LIMIT.toSeconds())));
        properties.setProperty("socketTimeout", Long.toString(seconds));
        properties.setProperty("tcpKeepAlive", "true");
        // Sends file contents as they are and not in hexadecimal, from the first time on.
        properties.setProperty("prepareThreshold", "-1");
        // Saves the round trips by which the driver would fit itself to older servers.
        properties.setProperty("assumeMinServerVersion", OLDEST_VERSION);
        return properties;
    }

    private static Observation observation(ResultSet row, List<Observation.Standby> standbys) throws SQLException {
        Optional<Observation.Receiver> receiver = row.getBoolean("has_receiver")
                ? Optional.of(new Observation.Receiver(
                        text(row, "status"),
                        text(row, "sender_host"),
                        row.getInt("sender_port"),
                        lsn(row, "latest_end_lsn")))
                : Optional.empty();
        return new Observation(
                row.getBoolean("in_recovery"),
                row.getLong("timeline"),
                lsn(row, "written"),
                lsn(row, "flushed"),
                lsn(row, "replayed"),
                receiver,
                text(row, "primary_conninfo"),
                text(row, "synchronous_standby_names"),
                text(row, "system_identifier"),
                row.getInt("server_version"),
                text(row, "started_at"),
                row.getLong("segment_size"),
                row.getBoolean("end_known"),
                standbys);
    }

    private static Observation.Standby standby(ResultSet row) throws SQLException {
        return new Observation.Standby(
                text(row, "application_name"),
                text(row, "state"),
                text(row, "sync_state"),
                lsn(row, "sent_lsn"),
                lsn(row, "write_lsn"),
                lsn(row, "flush_lsn"),
                lsn(row, "replay_lsn"),
                text(row, "reply_time"));
    }

    private static Optional<Lsn> lsn(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column)).map(Lsn::parse);
    }

    private static String text(ResultSet row, String column) throws SQLException {
        @Nullable String value = row.getString(column);
        return value == null ? "" : value;
    }
}
