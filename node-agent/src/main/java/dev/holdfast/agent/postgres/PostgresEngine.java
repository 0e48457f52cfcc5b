package dev.holdfast.agent.postgres;

import dev.holdfast.agent.disk.DurableFile;
import dev.holdfast.agent.disk.FileTree;
import dev.holdfast.api.agent.SynchronousStandbys;
import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Does to the node's server what orders ask. Every action may be repeated after a crash at any of its steps, and goes on from
 * what it finds. Actions are called one at a time; an interrupt ends one early. Looking ({@link #observe},
 * {@link #isRunning}) is safe at any time.
 */
public final class PostgresEngine {

    private static final int LOG_LINES = 5;

    private final EngineSettings settings;
    private final Programs programs;
    private final Patience patience;
    private final InstantSource clock;
    private final DataDirectory data;
    private final Postmaster postmaster;
    private final Server local;
    private final Replacement replacement;
    private final StandbyCopies copies;

    private PostgresEngine(
            EngineSettings settings, Programs programs, Patience patience, InstantSource clock, Runnable onServerExit) {
        this.settings = settings;
        this.programs = programs;
        this.patience = patience;
        this.clock = clock;
        this.data = new DataDirectory(settings.data(), settings.configurationFolder());
        this.postmaster = new Postmaster(settings, patience, onServerExit);
        this.local = server(new Endpoint("127.0.0.1", settings.network().port()));
        this.replacement = new Replacement(settings.data());
        this.copies = new StandbyCopies(settings, programs, replacement);
    }

    /** @param onServerExit told, on some thread, of the end of a server that was started here */
    public static PostgresEngine of(
            EngineSettings settings, Patience patience, InstantSource clock, Runnable onServerExit)
            throws PostgresException, IOException {
        Path folder = settings.programs()
                .or(() -> installed())
                .orElseThrow(() -> new PostgresException(
                        "no PostgreSQL is installed in the usual places; set holdfast.agent.postgres.programs"));
        Programs programs = new Programs(folder, OrdinaryUser.prefix(settings.data(), settings.runAs()));
        return new PostgresEngine(settings, programs, patience, clock, onServerExit);
    }

    /**
     * What an action did.
     *
     * @param kept where replaced data are; empty when none were replaced
     */
    public record Done(String detail, Optional<Path> kept) {

        static Done with(String detail) {
            return new Done(detail, Optional.empty());
        }
    }

    /** Makes a new system and runs it as a primary whose commits wait for nobody. */
    public Done create() throws PostgresException, InterruptedException {
        if (!data.exists()) {
            requireNoData();
            replacement.discardDraft();
            initialise(replacement.draft());
            replacement.putDraftInPlace(now());
        }
        if (!postmaster.isRunning()) {
            data.removeStandbySignal();
            configure(asPrimary(Optional.of(OwnedSettings.names(SynchronousStandbys.NONE))), false);
            start();
        }
        return Done.with("a new database system was made");
    }

    /** Stops receiving and returns what the server has; starts it first, from nobody receiving, when it doesn't run. */
    public Observation detach() throws PostgresException, InterruptedException {
        requireStandby();
        apply(asStandby(Optional.empty()), false);
        if (!postmaster.isRunning()) {
            start();
        }
        // The process that would start another receiver learns of the new setting before the present one ends.
        signalDirectly("startup");
        boolean quiet = patience.until(
                settings.limits().stream(),
                () -> local.with(settings.limits().call(), connection -> {
                    Server.ask(connection, "SELECT pg_terminate_backend(pid) FROM pg_stat_wal_receiver");
                    return Server.observe(connection).receiver().isEmpty();
                }));
        if (!quiet) {
            throw new PostgresException("the WAL receiver doesn't end");
        }
        // After a restart nothing is known as received; what there is shows when it has been applied.
        patience.until(settings.limits().stream(), () -> {
            Observation seen = observe();
            return seen.waitsForWal() || receivedBefore();
        });
        return observe();
    }

    /** Lets a detached standby become the primary. Its commits wait for these standbys from the first on. */
    public Done promote(SynchronousStandbys synchronous) throws PostgresException, InterruptedException {
        if (observe().inRecovery()) {
            if (!observe().primaryConnection().isEmpty() || observe().receiver().isPresent()) {
                throw new PostgresException("the standby isn't detached");
            }
            apply(asPrimary(Optional.of(OwnedSettings.names(synchronous))), false);
            long seconds = Math.max(1, settings.limits().promote().toSeconds());
            local.ask(
                    settings.limits().promote().plus(settings.limits().call()),
                    "SELECT pg_promote(true, " + seconds + ")");
        } else {
            apply(asPrimary(Optional.of(OwnedSettings.names(synchronous))), false);
        }
        if (!patience.until(settings.limits().promote(), () -> !observe().inRecovery())) {
            throw new PostgresException("the promotion hangs");
        }
        for (NodeId standby : synchronous.standbys()) {
            makeSlot(local, SlotName.of(standby));
        }
        return Done.with("promoted");
    }

    /** Where the server's timeline left the one before; empty for the first. */
    public Optional<Lsn> forkedAt(long timeline) throws PostgresException {
        return data.history(timeline).forkedAt();
    }

    /** Makes the server a standby that streams from the upstream, by the least that it takes. */
    public Done follow(Endpoint upstream) throws PostgresException, InterruptedException {
        replacement.recover();
        if (!data.exists()) {
            requireNoData();
            return reinitialise(upstream);
        }
        if (postmaster.isRunning() && runsAsPrimary()) {
            data.putStandbySignal();
            postmaster.stop(true);
        }
        boolean wasStandby = postmaster.isRunning() || data.control().state().wasStandby();
        data.putStandbySignal();
        Server source = server(upstream);
        Observation primary = awaitPrimary(source);
        String system = data.control().systemIdentifier();
        if (!primary.systemIdentifier().equals(system)) {
            throw new PostgresException(
                    "the upstream " + upstream + " is another database system (" + primary.systemIdentifier()
                            + ") than this node's (" + system + "); only reinitialising replaces it");
        }
        makeSlot(source, SlotName.of(settings.node()));
        if (!postmaster.isRunning() && (wasStandby || !mayHaveDiverged(source, primary))) {
            configure(asStandby(Optional.of(upstream)), false);
            start();
        }
        if (postmaster.isRunning() && !hasDiverged(source, primary, awaitObservation())) {
            apply(asStandby(Optional.of(upstream)), false);
            awaitStreaming(upstream);
            return Done.with("streams from " + upstream);
        }
        return replaceDiverged(upstream, source);
    }

    /** Clones the upstream and streams from it; what was here is kept beside it. */
    public Done reinitialise(Endpoint upstream) throws PostgresException, InterruptedException {
        Server source = server(upstream);
        awaitPrimary(source);
        makeSlot(source, SlotName.of(settings.node()));
        copies.clone(upstream, source);
        return putInPlace(upstream, "cloned from " + upstream);
    }

    /** Stops the server, its sessions with it. Whoever starts it again starts a standby that receives from nobody. */
    public Done fence(boolean fast) throws PostgresException, InterruptedException {
        if (data.exists()) {
            data.putStandbySignal();
        }
        postmaster.stop(fast);
        if (data.exists()) {
            configure(asStandby(Optional.empty()), false);
        }
        return Done.with("stopped");
    }

    /** Runs the server as a standby of the upstream, or of nobody, and doesn't wait until it streams. */
    public Done resumeStandby(Optional<Endpoint> upstream) throws PostgresException, InterruptedException {
        requireStandby();
        apply(asStandby(upstream), false);
        start();
        return Done.with("runs as a standby");
    }

    /**
     * Runs the server as the primary that it was. Clients are let in when so many of the synchronous standbys as commits
     * wait for have all that this server has: after a crash it shows commits that no standby may have.
     *
     * @param synchronous empty leaves the user's setting, and lets clients in at once
     */
    public Done resumePrimary(Optional<SynchronousStandbys> synchronous)
            throws PostgresException, InterruptedException {
        boolean waits = synchronous.filter(SynchronousStandbys::areRequired).isPresent();
        Optional<String> names = synchronous.map(OwnedSettings::names);
        if (!postmaster.isRunning()) {
            configure(asPrimary(names), waits);
            data.removeStandbySignal();
            start();
        }
        Observation own = awaitObservation();
        if (own.inRecovery()) {
            throw new PostgresException("the server is a standby");
        }
        if (waits) {
            Lsn all = own.written().orElseThrow();
            SynchronousStandbys standbys = synchronous.orElseThrow();
            if (!patience.until(settings.limits().stream(), () -> observe().quorumHas(standbys, all))) {
                throw new PostgresException("clients are kept out: fewer than " + standbys.required()
                        + " synchronous standbys have the log up to " + all);
            }
        }
        apply(asPrimary(names), false);
        return Done.with("runs as the primary");
    }

    /** Lets commits wait for these standbys. Returns when no commit waits for fewer. */
    public Done synchronise(SynchronousStandbys synchronous) throws PostgresException, InterruptedException {
        Observation before = observe();
        if (before.inRecovery()) {
            throw new PostgresException("the server is a standby");
        }
        for (NodeId standby : synchronous.standbys()) {
            makeSlot(local, SlotName.of(standby));
        }
        apply(asPrimary(Optional.of(OwnedSettings.names(synchronous))), false);
        if (before.synchronousStandbyNames().isEmpty() && synchronous.areRequired()) {
            // That commits wait at all is noted by the checkpointer; it has read its settings before it makes a
            // checkpoint.
            signalDirectly("checkpointer");
            local.execute(settings.limits().start(), "CHECKPOINT");
        }
        return Done.with("commits wait for: " + OwnedSettings.names(synchronous));
    }

    /** Keeps clients out, and ends the sessions that they have; a wait for a standby is never answered. */
    public void keepClientsOut(Optional<SynchronousStandbys> synchronous)
            throws PostgresException, InterruptedException {
        apply(asPrimary(synchronous.map(OwnedSettings::names)), true);
        local.ask(settings.limits().call(), """
                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
                    AND NOT (usename = current_user AND application_name = ?)""", Server.APPLICATION);
    }

    public void letClientsIn(Optional<SynchronousStandbys> synchronous) throws PostgresException, InterruptedException {
        apply(asPrimary(synchronous.map(OwnedSettings::names)), false);
    }

    public boolean keepsClientsOut() throws PostgresException {
        return data.exists() && data.isClosed();
    }

    /** Writes something into the log, for which no commit waits, and returns where it ends. */
    public Lsn markLog() throws PostgresException {
        return local.ask(settings.limits().call(), "SELECT pg_logical_emit_message(false, 'holdfast', '')")
                .map(Lsn::parse)
                .orElseThrow(() -> new PostgresException("PostgreSQL wrote nothing"));
    }

    /** Runs a standby that doesn't run: as it is, or, where it may have diverged, as {@link #follow} does. */
    public Done restoreStandby(Optional<Endpoint> upstream) throws PostgresException, InterruptedException {
        boolean asItIs = data.exists()
                && data.hasStandbySignal()
                && data.control().state().wasStandby();
        return asItIs || upstream.isEmpty() ? resumeStandby(upstream) : follow(upstream.get());
    }

    /** From now on, whoever starts the server starts a standby. */
    public void markAsStandby() throws PostgresException {
        if (data.exists()) {
            data.putStandbySignal();
        }
    }

    public boolean isRunning() {
        return postmaster.isRunning();
    }

    public boolean hasData() {
        return data.exists();
    }

    /** Whether data that don't run are marked as a standby's. */
    public boolean isMarkedAsStandby() {
        return data.hasStandbySignal();
    }

    /** Of the data, also when the server doesn't run; empty when there are none. */
    public Optional<String> systemIdentifier() throws PostgresException {
        return data.exists() ? Optional.of(data.control().systemIdentifier()) : Optional.empty();
    }

    public Observation observe() throws PostgresException {
        return local.observe(settings.limits().call());
    }

    /** What the upstream says of this node: {@code sync}, {@code quorum}, {@code async}; empty when it doesn't receive. */
    public Optional<String> synchronousStateAt(Endpoint upstream) throws PostgresException {
        return server(upstream)
                .ask(
                        settings.limits().call(),
                        "SELECT sync_state FROM pg_stat_replication WHERE application_name = ?",
                        settings.node().value());
    }

    /** A look at the server that is repeated often. To be closed. */
    public ServerWatch watch() {
        return new ServerWatch(local, settings.limits().call());
    }

    public List<Path> keptData() throws PostgresException {
        return replacement.kept();
    }

    public void deleteKeptLongerThan(Duration limit) throws PostgresException {
        replacement.deleteKeptLongerThan(limit, now());
    }

    private Done replaceDiverged(Endpoint upstream, Server source) throws PostgresException, InterruptedException {
        postmaster.stop(true);
        Optional<String> failure = copies.rewind(upstream, source);
        if (failure.isEmpty()) {
            return putInPlace(upstream, "rewound to " + upstream);
        }
        copies.clone(upstream, source);
        return putInPlace(upstream, "cloned from " + upstream + ", because " + failure.get());
    }

    private Done putInPlace(Endpoint upstream, String how) throws PostgresException, InterruptedException {
        DataDirectory draft =
                new DataDirectory(replacement.draft(), settings.configuration().orElse(replacement.draft()));
        if (data.exists()) {
            draft.keepSettingsOf(settings.data());
        }
        draft.putStandbySignal();
        configure(draft, asStandby(Optional.of(upstream)), false);
        postmaster.stop(true);
        Optional<Path> kept = replacement.putDraftInPlace(now());
        start();
        awaitStreaming(upstream);
        return new Done(how + kept.map(path -> "; the old data are in " + path).orElse(""), kept);
    }

    private void initialise(Path folder) throws PostgresException, InterruptedException {
        Path passwordFile = folder.resolveSibling(folder.getFileName() + ".password");
        try {
            DurableFile.write(passwordFile, settings.access().password());
            programs.run(
                    "initdb",
                    List.of(
                            "-D",
                            folder.toString(),
                            "-U",
                            settings.access().username(),
                            "-A",
                            "scram-sha-256",
                            "--pwfile",
                            passwordFile.toString(),
                            "-E",
                            "UTF8",
                            "--locale=C",
                            "--data-checksums"),
                    Map.of(),
                    settings.limits().start());
            Files.deleteIfExists(passwordFile);
        } catch (IOException e) {
            throw new PostgresException("the new data directory can't be made: " + e.getMessage(), e);
        }
    }

    private void start() throws PostgresException, InterruptedException {
        if (data.majorVersion() != programs.majorVersion()) {
            throw new PostgresException("the data are of PostgreSQL " + data.majorVersion() + ", and the programs of "
                    + programs.majorVersion());
        }
        postmaster.start(programs);
        awaitObservation();
    }

    /** Waits until the server answers; one that ends meanwhile is a failure at once. */
    private Observation awaitObservation() throws PostgresException, InterruptedException {
        List<PostgresException> failures = new ArrayList<>();
        List<Observation> seen = new ArrayList<>();
        patience.until(settings.limits().start(), () -> {
            if (!postmaster.isRunning()) {
                throw new PostgresException(
                        "PostgreSQL ended while it started; " + settings.log() + " ends with: " + logTail());
            }
            return isSeen(local, seen, failures);
        });
        if (seen.isEmpty()) {
            throw new PostgresException("PostgreSQL doesn't answer", failures.getLast());
        }
        return seen.getLast();
    }

    private Observation awaitPrimary(Server source) throws PostgresException, InterruptedException {
        List<PostgresException> failures = new ArrayList<>();
        List<Observation> seen = new ArrayList<>();
        boolean primary = patience.until(
                settings.limits().stream(),
                () -> isSeen(source, seen, failures) && !seen.getLast().inRecovery());
        if (!primary) {
            throw seen.isEmpty() ? failures.getLast() : new PostgresException("the upstream isn't a primary");
        }
        return seen.getLast();
    }

    private String logTail() {
        try (Stream<String> lines = Files.lines(settings.log())) {
            List<String> all = lines.toList();
            return String.join(" / ", all.subList(Math.max(0, all.size() - LOG_LINES), all.size()));
        } catch (IOException | UncheckedIOException e) {
            return "(it can't be read)";
        }
    }

    /** Looks at a server, and notes in one of the lists what it saw. */
    private boolean isSeen(Server server, List<Observation> seen, List<PostgresException> failures) {
        try {
            seen.add(server.observe(settings.limits().call()));
            return true;
        } catch (PostgresException e) {
            failures.clear(); // Only the last one tells anything.
            failures.add(e);
            return false;
        }
    }

    private void awaitStreaming(Endpoint upstream) throws PostgresException, InterruptedException {
        boolean streams =
                patience.until(settings.limits().stream(), () -> isStreamingFrom(awaitObservation(), upstream));
        if (!streams) {
            throw new PostgresException(
                    "the standby doesn't stream from " + upstream + "; see its log: the upstream may"
                            + " have removed log that it needs, then it has to be reinitialised");
        }
        local.ask(settings.limits().call(), """
                SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots
                WHERE slot_type = 'physical' AND NOT active AND starts_with(slot_name, ?)""", SlotName.PREFIX);
    }

    private static boolean isStreamingFrom(Observation seen, Endpoint upstream) {
        return seen.receiver()
                .filter(receiver -> receiver.status().equals("streaming")
                        && receiver.host().equals(upstream.host())
                        && receiver.port() == upstream.port())
                .isPresent();
    }

    /** A frozen primary doesn't answer, and has to be stopped all the same. */
    private boolean runsAsPrimary() throws PostgresException, InterruptedException {
        return !data.hasStandbySignal() || !awaitObservation().inRecovery();
    }

    private boolean receivedBefore() throws PostgresException {
        return local.ask(settings.limits().call(), "SELECT pg_last_wal_receive_lsn()")
                .isPresent();
    }

    /** For a server that runs as a standby. */
    private boolean hasDiverged(Server source, Observation primary, Observation own) throws PostgresException {
        Lsn end = own.flushed().orElse(new Lsn(0));
        return diverged(source, primary, new Divergence.Local(own.timeline(), end, false));
    }

    /** For a stopped former primary. Where the log of one ends that wasn't shut down isn't known without reading it. */
    private boolean mayHaveDiverged(Server source, Observation primary) throws PostgresException {
        ControlFile control = data.control();
        return control.state() != ControlFile.State.SHUT_DOWN
                || diverged(source, primary, new Divergence.Local(control.timeline(), control.checkpoint(), true));
    }

    private boolean diverged(Server source, Observation primary, Divergence.Local own) throws PostgresException {
        TimelineHistory history = source.history(settings.limits().call(), primary.timeline());
        // What was just received may be ahead of what was seen of the upstream a moment ago.
        Lsn end = source.observe(settings.limits().call()).written().orElseThrow();
        return Divergence.compare(own, new Divergence.Upstream(history, end)) == Divergence.Finding.DIVERGED;
    }

    private void makeSlot(Server server, String slot) throws PostgresException {
        server.with(settings.limits().call(), connection -> {
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

    /** A signal that is certain to have reached the process before anything else is done. */
    private void signalDirectly(String backendType) throws PostgresException, InterruptedException {
        Optional<String> pid = local.ask(
                settings.limits().call(), "SELECT pid FROM pg_stat_activity WHERE backend_type = ?", backendType);
        if (pid.isPresent()) {
            Postmaster.signal("HUP", Long.parseLong(pid.get()));
        }
    }

    /** Writes the settings and, when the server runs, waits until they are in force. */
    private void apply(OwnedSettings wanted, boolean closed) throws PostgresException, InterruptedException {
        if (!postmaster.isRunning()) {
            configure(wanted, closed);
            return;
        }
        String loaded = "SELECT pg_conf_load_time()::text";
        Optional<String> before = local.ask(settings.limits().call(), loaded);
        configure(wanted, closed);
        postmaster.reload();
        // A new session has what the postmaster has, which reads the entries for clients before it takes new ones.
        boolean inForce = patience.until(settings.limits().call(), () -> {
            if (local.ask(settings.limits().call(), loaded).equals(before)) {
                return false;
            }
            Observation seen = observe();
            return seen.primaryConnection().equals(wanted.primaryConnection())
                    && wanted.synchronous()
                            .filter(names -> !names.equals(seen.synchronousStandbyNames()))
                            .isEmpty();
        });
        if (!inForce) {
            throw new PostgresException(
                    "primary_conninfo or synchronous_standby_names is set somewhere else, which goes" + " before "
                            + OwnedSettings.FILE + ": look at pg_file_settings, and use ALTER SYSTEM RESET");
        }
    }

    private void configure(OwnedSettings wanted, boolean closed) throws PostgresException {
        configure(data, wanted, closed);
    }

    private void configure(DataDirectory directory, OwnedSettings wanted, boolean closed) throws PostgresException {
        directory.configure(
                wanted, settings.access().username(), settings.network().replicationNetworks(), closed);
    }

    private OwnedSettings asPrimary(Optional<String> synchronous) {
        return new OwnedSettings(
                settings.network().listenAddresses(), settings.parameters(), Optional.empty(), synchronous);
    }

    private OwnedSettings asStandby(Optional<Endpoint> upstream) {
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

    /** Data that were a primary's and aren't marked as a standby's are never started as one: they may have diverged. */
    private void requireStandby() throws PostgresException {
        if (!data.exists()) {
            throw new PostgresException("there is no data directory yet");
        }
        boolean standby = postmaster.isRunning()
                ? observe().inRecovery()
                : data.hasStandbySignal() && data.control().state().wasStandby();
        if (!standby) {
            throw new PostgresException("the server isn't a standby");
        }
    }

    private void requireNoData() throws PostgresException {
        try {
            if (!FileTree.isAbsentOrEmpty(settings.data())) {
                throw new PostgresException(settings.data() + " holds files, and is no data directory of PostgreSQL");
            }
        } catch (IOException e) {
            throw new PostgresException(settings.data() + " can't be read: " + e.getMessage(), e);
        }
    }

    private Server server(Endpoint address) {
        return new Server(
                address, settings.access().username(), settings.access().password());
    }

    private Instant now() {
        return clock.instant();
    }

    private static Optional<Path> installed() {
        try {
            return Programs.newestInstalled();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
