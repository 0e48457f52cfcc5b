package dev.holdfast.agent.postgres;

import dev.holdfast.agent.disk.DurableFile;
import dev.holdfast.api.agent.AgentReport;
import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.replication.Position;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Does to the node's server what orders ask. Every action may be repeated after a crash at any of its steps, and goes on from
 * what it finds. Actions are called one at a time; an interrupt ends one early. Looking ({@link #observe},
 * {@link #isRunning}) is safe at any time.
 */
public final class PostgresEngine {

    /** Of who asks how the node is: it asks again soon. */
    private static final Duration GLANCE = Duration.ofSeconds(1);

    private final EngineSettings settings;
    private final Programs programs;
    private final InstantSource clock;
    private final LocalServer local;
    private final Replacement replacement;
    private final Following following;
    private final CommitSettings commits;
    private final Primacy primacy;

    private PostgresEngine(
            EngineSettings settings, Programs programs, Patience patience, InstantSource clock, Runnable onServerExit) {
        this.settings = settings;
        this.programs = programs;
        this.clock = clock;
        this.local = new LocalServer(settings, programs, patience, onServerExit);
        this.replacement = new Replacement(settings.data());
        this.following = new Following(local, replacement, new StandbyCopies(settings, programs, replacement), clock);
        this.commits = new CommitSettings(
                local, work -> Thread.ofVirtual().name("commit-canary").start(work));
        this.primacy = new Primacy(local, commits);
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
        if (!local.data().exists()) {
            local.requireNoData();
            replacement.discardDraft();
            initialise(replacement.draft());
            replacement.putDraftInPlace(now());
        }
        if (!local.isRunning()) {
            primacy.begin();
        }
        return Done.with("a new database system was made");
    }

    /** Stops receiving, for good; returns when the position that the server has reached is known. */
    public Done detach() throws PostgresException, InterruptedException {
        following.detach();
        return Done.with("receives from nobody");
    }

    /** Whether the server is a standby that receives from nobody, and won't after a restart. */
    public boolean isDetached() throws PostgresException {
        return local.isRunning() && following.isDetached(observe());
    }

    /** The same, of what was just seen. */
    public boolean isDetached(Observation seen) throws PostgresException {
        return following.isDetached(seen);
    }

    /** Lets a detached standby become the primary. Its commits wait for these standbys from the first on. */
    public Done promote(Synchronous synchronous) throws PostgresException, InterruptedException {
        return primacy.promote(synchronous);
    }

    /** Ends a promotion that was ordered and may still come about. */
    public void callOffPromotion() throws PostgresException, InterruptedException {
        primacy.callOffPromotion();
    }

    /** Makes the server a standby that streams from the upstream, by the least that it takes. */
    public Done follow(Endpoint upstream, OrderNumber number) throws PostgresException, InterruptedException {
        return following.follow(upstream, number);
    }

    /** Whether the server streams from there, and will after a restart. */
    public boolean follows(Endpoint upstream) throws PostgresException {
        return local.isRunning() && following.follows(upstream, observe());
    }

    /** Clones the upstream and streams from it; what was here is kept beside it. */
    public Done reinitialise(Endpoint upstream, OrderNumber number) throws PostgresException, InterruptedException {
        return following.reinitialise(upstream, number);
    }

    /** The order that made the present data by a clone; empty for original ones. */
    public Optional<OrderNumber> clonedBy() throws PostgresException {
        return local.clonedBy();
    }

    /** Stops the server, its sessions with it. Whoever starts it again starts a standby that receives from nobody. */
    public Done fence(boolean fast) throws PostgresException, InterruptedException {
        markAsStandby();
        local.stop(fast);
        if (local.data().exists()) {
            local.configure(local.asStandby(Optional.empty()), false);
        }
        return Done.with("stopped");
    }

    /** Stops the server in good order; it keeps its role. */
    public void shutDown() throws PostgresException, InterruptedException {
        local.stop(true);
    }

    /** Whether nothing of the server runs, and whoever starts it starts a standby that receives from nobody. */
    public boolean isFenced() throws PostgresException {
        return !local.hasProcesses()
                && (!local.data().exists()
                        || (local.data().hasStandbySignal()
                                && local.data().hasSettings(local.asStandby(Optional.empty()))));
    }

    /** Runs the server as a standby of the upstream, or of nobody, and doesn't wait until it streams. */
    public Done resumeStandby(Optional<Endpoint> upstream) throws PostgresException, InterruptedException {
        local.requireStandby();
        local.apply(local.asStandby(upstream), false);
        local.start();
        return Done.with("runs as a standby");
    }

    /** Runs the server as the primary that it was, and lets clients in when its synchronous standbys have all it has. */
    public Done resumePrimary(Optional<Synchronous> synchronous) throws PostgresException, InterruptedException {
        return primacy.resume(synchronous);
    }

    /** Lets commits wait for these standbys. Returns when no commit waits for fewer. */
    public Done synchronise(Synchronous synchronous) throws PostgresException, InterruptedException {
        return primacy.synchronise(synchronous);
    }

    /** Whether it is certain that no commit waits for others. */
    public boolean areInForce(Synchronous synchronous) throws PostgresException {
        return local.isRunning()
                && commits.in(observe())
                        .filter(known -> known.synchronous().equals(synchronous))
                        .isPresent();
    }

    /** What is certain of a primary's synchronous replication; {@code flushed} is of the standbys that are given. */
    public Optional<AgentReport.Sender> sender(Observation seen, Map<NodeId, Lsn> flushed) {
        return commits.in(seen).map(known -> new AgentReport.Sender(known.synchronous(), known.since(), flushed));
    }

    /** Writes a row with this number, for which the synchronous standbys are waited, and reads it back. */
    public Done verify(OrderNumber number) throws PostgresException {
        LedgerRow.write(local.sql(), settings.limits().call(), number);
        return Done.with("a row was written, acknowledged and read back");
    }

    public boolean hasLedgerRow(OrderNumber number) throws PostgresException {
        return local.sql().with(settings.limits().call(), connection -> LedgerRow.isThere(connection, number));
    }

    /** Keeps clients out, and ends the sessions that they have; a wait for a standby is never answered. */
    public void keepClientsOut(Optional<Synchronous> synchronous) throws PostgresException, InterruptedException {
        primacy.keepClientsOut(synchronous);
    }

    public void letClientsIn(Optional<Synchronous> synchronous) throws PostgresException, InterruptedException {
        primacy.letClientsIn(synchronous);
    }

    public boolean keepsClientsOut() throws PostgresException {
        return local.data().exists() && local.data().isClosed();
    }

    /** Writes something into the log, for which no commit waits, and returns where it ends. */
    public Lsn markLog() throws PostgresException {
        return local.sql()
                .ask(settings.limits().call(), "SELECT pg_logical_emit_message(false, 'holdfast', '')")
                .map(Lsn::parse)
                .orElseThrow(() -> new PostgresException("PostgreSQL wrote nothing"));
    }

    /** Runs a standby that doesn't run: as it is, or, where it may have diverged, as {@link #follow} does. */
    public Done restoreStandby(Optional<Endpoint> upstream, OrderNumber number)
            throws PostgresException, InterruptedException {
        boolean asItIs = local.data().exists() && !local.isPrimaryByItsData();
        return asItIs || upstream.isEmpty() ? resumeStandby(upstream) : follow(upstream.get(), number);
    }

    /** From now on, whoever starts the server starts a standby. */
    public void markAsStandby() throws PostgresException {
        if (local.data().exists()) {
            local.data().putStandbySignal();
        }
    }

    public boolean isRunning() {
        return local.isRunning();
    }

    public boolean hasData() {
        return local.data().exists();
    }

    /** Whether data that don't run are marked as a standby's. */
    public boolean isMarkedAsStandby() {
        return local.data().hasStandbySignal();
    }

    /** Whether the server runs as a primary, or, when it doesn't run, did when it last ran. */
    public boolean isPrimaryByItsData() throws PostgresException {
        return local.data().exists() && local.isPrimaryByItsData();
    }

    /** Of the data, also when the server doesn't run; empty when there are none. */
    public Optional<String> systemIdentifier() throws PostgresException {
        return local.data().exists() ? Optional.of(local.data().control().systemIdentifier()) : Optional.empty();
    }

    public Observation observe() throws PostgresException {
        return local.observe();
    }

    /** A look that rather fails than takes long. */
    public Observation glance() throws PostgresException {
        return local.observe(GLANCE);
    }

    /** Where a primary that was shut down cleanly ended: behind its last checkpoint. Empty for anything else. */
    public Optional<Position> cleanEnd() throws PostgresException {
        if (local.isRunning() || !local.data().exists()) {
            return Optional.empty();
        }
        ControlFile control = local.data().control();
        if (control.state() != ControlFile.State.SHUT_DOWN) {
            return Optional.empty();
        }
        return local.log()
                .endOfRecord(control.timeline(), control.checkpoint())
                .map(end -> new Position(Math.toIntExact(control.timeline()), end));
    }

    /** Where the timeline began: zero for the first; empty when that isn't known here. */
    public Optional<Lsn> forkedAt(long timeline) throws PostgresException {
        return local.log().forkedAt(timeline);
    }

    /** What the upstream says of this node: {@code sync}, {@code quorum}, {@code async}; empty when it doesn't receive. */
    public Optional<String> synchronousStateAt(Endpoint upstream) throws PostgresException {
        return local.at(upstream)
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
