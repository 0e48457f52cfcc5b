package dev.holdfast.agent.postgres;

import dev.holdfast.agent.disk.FileTree;
import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.topology.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The node's own server: its process, its settings, and what it says of itself. */
final class LocalServer {

    private static final int LOG_LINES = 5;

    private final EngineSettings settings;
    private final Programs programs;
    private final Patience patience;
    private final DataDirectory data;
    private final LogDirectory log;
    private final Postmaster postmaster;
    private final Server server;
    private volatile String endKnownIn = "";

    /** @param onExit told, on some thread, of the end of a server that was started here */
    LocalServer(EngineSettings settings, Programs programs, Patience patience, Runnable onExit) {
        this.settings = settings;
        this.programs = programs;
        this.patience = patience;
        this.data = new DataDirectory(settings.data(), settings.configurationFolder());
        this.log = new LogDirectory(settings.data());
        this.postmaster = new Postmaster(settings, patience, onExit);
        this.server = at(new Endpoint("127.0.0.1", settings.network().port())).keepingSessions();
    }

    EngineSettings settings() {
        return settings;
    }

    EngineSettings.Limits limits() {
        return settings.limits();
    }

    Patience patience() {
        return patience;
    }

    DataDirectory data() {
        return data;
    }

    LogDirectory log() {
        return log;
    }

    /** For what is asked over SQL. */
    Server sql() {
        return server;
    }

    /** Another node's server, by the same role. */
    Server at(Endpoint address) {
        return new Server(
                address, settings.access().username(), settings.access().password());
    }

    boolean isRunning() {
        return postmaster.isRunning();
    }

    /** Whether any process works in the data directory, also one that has outlived the first. */
    boolean hasProcesses() {
        return postmaster.isRunning() || !ServerFamily.in(settings.data()).isEmpty();
    }

    void start() throws PostgresException, InterruptedException {
        if (data.majorVersion() != programs.majorVersion()) {
            throw new PostgresException("the data are of PostgreSQL " + data.majorVersion() + ", and the programs of "
                    + programs.majorVersion());
        }
        postmaster.start(programs);
        awaitObservation();
    }

    void stop(boolean fast) throws PostgresException, InterruptedException {
        postmaster.stop(fast);
    }

    Observation observe() throws PostgresException {
        return observe(limits().call());
    }

    Observation observe(Duration limit) throws PostgresException {
        return located(server.observe(limit));
    }

    /**
     * With the timeline on which a standby's log ends, which the server itself tells only while it receives; and knowing the
     * end once it was known in this run of the server: it shows that it waits for more only from time to time.
     */
    Observation located(Observation seen) throws PostgresException {
        if (!seen.inRecovery() || seen.flushed().isEmpty()) {
            return seen;
        }
        if (seen.endKnown()) {
            endKnownIn = seen.startedAt();
        }
        Lsn end = seen.flushed().get();
        long timeline = log.timelineAt(end, seen.segmentSize()).orElse(seen.timeline());
        return seen.with(timeline, endKnownIn.equals(seen.startedAt()));
    }

    /** Waits until the server answers; one that ends meanwhile is a failure at once. */
    Observation awaitObservation() throws PostgresException, InterruptedException {
        List<PostgresException> failures = new ArrayList<>();
        List<Observation> seen = new ArrayList<>();
        patience.until(limits().start(), () -> {
            if (!postmaster.isRunning()) {
                throw new PostgresException(
                        "PostgreSQL ended while it started; " + settings.log() + " ends with: " + logTail());
            }
            try {
                return seen.add(observe());
            } catch (PostgresException e) {
                failures.clear(); // Only the last one tells anything.
                return !failures.add(e);
            }
        });
        if (seen.isEmpty()) {
            throw new PostgresException("PostgreSQL doesn't answer", failures.getLast());
        }
        return seen.getLast();
    }

    /** Writes the settings and, when the server runs, waits until they are in force in all new sessions. */
    void apply(OwnedSettings wanted, boolean closed) throws PostgresException, InterruptedException {
        if (!postmaster.isRunning()) {
            configure(wanted, closed);
            return;
        }
        Optional<String> before;
        try (Connection connection = server.connect(limits().call())) {
            before = Server.ask(connection, Server.LOADED);
            configure(wanted, closed);
            Server.ask(connection, "SELECT pg_reload_conf()");
        } catch (SQLException e) {
            throw new PostgresException("PostgreSQL can't be told to read its settings: " + e.getMessage(), e);
        }
        // A new session has what the postmaster has, which reads the entries for clients before it takes new ones, and
        // has
        // told its children before it makes another.
        boolean inForce = patience.until(limits().call(), () -> {
            try (Connection connection = server.connect(limits().call())) {
                return !Server.ask(connection, Server.LOADED).equals(before)
                        && isInForce(wanted, Server.observe(connection));
            } catch (SQLException e) {
                throw new PostgresException("PostgreSQL at its new settings: " + e.getMessage(), e);
            }
        });
        if (!inForce) {
            throw new PostgresException(
                    "primary_conninfo or synchronous_standby_names is set somewhere else, which goes" + " before "
                            + OwnedSettings.FILE + ": look at pg_file_settings, and use ALTER SYSTEM RESET");
        }
    }

    /** Whether the settings are both on disk and in force. */
    boolean isApplied(OwnedSettings wanted, Observation seen) throws PostgresException {
        return isInForce(wanted, seen) && data.hasSettings(wanted);
    }

    private static boolean isInForce(OwnedSettings wanted, Observation seen) {
        return seen.primaryConnection().equals(wanted.primaryConnection())
                && wanted.synchronous()
                        .filter(names -> !names.equals(seen.synchronousStandbyNames()))
                        .isEmpty();
    }

    void configure(OwnedSettings wanted, boolean closed) throws PostgresException {
        configure(data, wanted, closed);
    }

    void configure(DataDirectory directory, OwnedSettings wanted, boolean closed) throws PostgresException {
        directory.configure(
                wanted, settings.access().username(), settings.network().replicationNetworks(), closed);
    }

    /** @param synchronous value of {@code synchronous_standby_names}; empty leaves the user's */
    OwnedSettings asPrimary(Optional<String> synchronous) {
        return new OwnedSettings(
                settings.network().listenAddresses(), settings.parameters(), Optional.empty(), synchronous);
    }

    OwnedSettings asStandby(Optional<Endpoint> upstream) {
        return new OwnedSettings(
                settings.network().listenAddresses(),
                settings.parameters(),
                upstream.map(from -> new OwnedSettings.Receiving(
                        from,
                        settings.node(),
                        settings.access().username(),
                        settings.access().password())),
                Optional.of(OwnedSettings.NOBODY));
    }

    /** Makes the slot of a standby, unless it is there; one whose log is lost is made anew. */
    void makeSlot(Server at, String slot) throws PostgresException {
        at.with(limits().call(), connection -> {
            Server.ask(
                    connection,
                    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                            + " WHERE slot_name = ? AND NOT active AND wal_status = 'lost'",
                    slot);
            return Server.ask(
                    connection,
                    "SELECT pg_create_physical_replication_slot(?::name, true)"
                            + " WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = ?)",
                    slot,
                    slot);
        });
    }

    /** Data that were a primary's and aren't marked as a standby's are never started as one: they may have diverged. */
    void requireStandby() throws PostgresException {
        if (!data.exists()) {
            throw new PostgresException("there is no data directory yet");
        }
        if (isPrimaryByItsData()) {
            throw new PostgresException("the server isn't a standby");
        }
    }

    boolean isPrimaryByItsData() throws PostgresException {
        return postmaster.isRunning()
                ? !observe().inRecovery()
                : !data.hasStandbySignal() || !data.control().state().wasStandby();
    }

    void requireNoData() throws PostgresException {
        try {
            if (!FileTree.isAbsentOrEmpty(settings.data())) {
                throw new PostgresException(settings.data() + " holds files, and is no data directory of PostgreSQL");
            }
        } catch (IOException e) {
            throw new PostgresException(settings.data() + " can't be read: " + e.getMessage(), e);
        }
    }

    /** The order that made the present data by a clone; empty for original ones. */
    Optional<OrderNumber> clonedBy() throws PostgresException {
        return data.exists() ? data.clonedBy(settings.node()) : Optional.empty();
    }

    private String logTail() {
        try (Stream<String> lines = Files.lines(settings.log())) {
            List<String> all = lines.toList();
            return String.join(" / ", all.subList(Math.max(0, all.size() - LOG_LINES), all.size()));
        } catch (IOException | UncheckedIOException e) {
            return "(it can't be read)";
        }
    }
}
