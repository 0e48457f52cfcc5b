package dev.holdfast.agent.postgres;

import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.NodeId;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom a running primary's commits wait for, and since where in the log that is certain.
 *
 * <p>Waiting commits are released by WAL senders, each by the settings that <em>it</em> has read, which it reads again at its own
 * time after a reload. PostgreSQL tells of no sender which settings it has; but it shows its {@code sync_priority}, which the
 * sender itself sets from the settings that it has read, in the same step. A sender whose priority is 0 releases nobody,
 * whatever it has read. With {@code ANY} all listed standbys have priority 1; with {@code FIRST} each has its place in the list.
 * So a change goes by way of {@code FIRST k ("holdfast nobody", the new standbys)}, under which nobody has priority 1. Once no
 * sender shows priority 1 any more, none goes by the older settings. {@code FIRST k} of the same standbys asks for no less than
 * {@code ANY k}, so while the senders take up the final {@code ANY} one after the other, each of both releases only what the new
 * settings allow. A change waits first until no sender goes by the {@code FIRST} of an earlier one.
 *
 * <p>A sender that isn't shown yet was sent the reload before a new session could see it, and reads it before it handles its
 * first reply.
 *
 * <p>That commits wait at all is noted by the checkpointer, in memory that all sessions share. So from no settings at all the way
 * is by those that nobody fulfils, until a commit of the agent's own is seen to wait.
 */
final class CommitSettings {

    private static final Logger log = LoggerFactory.getLogger(CommitSettings.class);

    private final LocalServer local;
    private final Executor threads;
    private volatile Optional<InForce> inForce = Optional.empty();

    /** @param threads for a commit that waits while its session is looked at */
    CommitSettings(LocalServer local, Executor threads) {
        this.local = local;
        this.threads = threads;
    }

    /**
     * Settings that are certain.
     *
     * @param since every commit that was acknowledged by others ends before it
     * @param server the start of the server that they are in force in
     */
    record InForce(Synchronous synchronous, Lsn since, String server) {}

    /** What is certain of the server as it was seen; empty when it isn't the same any more, or was changed by others. */
    Optional<InForce> in(Observation seen) {
        return inForce.filter(known -> !seen.inRecovery()
                && known.server().equals(seen.startedAt())
                && seen.synchronousStandbyNames().equals(OwnedSettings.names(known.synchronous())));
    }

    /** Notes that the server began to be a primary with these settings, and never had others since. */
    void begunWith(Synchronous synchronous, Observation seen) {
        inForce = Optional.of(new InForce(synchronous, seen.flushed().orElseThrow(), seen.startedAt()));
    }

    void forget() {
        inForce = Optional.empty();
    }

    /** Returns when no WAL sender releases commits by older settings. Repeated after a crash, it begins anew. */
    void change(Synchronous wanted) throws PostgresException, InterruptedException {
        Observation before = local.observe();
        String names = OwnedSettings.names(wanted);
        Optional<InForce> known = in(before);
        if (known.filter(now -> OwnedSettings.names(now.synchronous()).equals(names))
                .isPresent()) {
            inForce = known.map(now -> new InForce(wanted, now.since(), now.server()));
            return;
        }
        forget();
        if (wanted.claimsNothing()) {
            put(names);
            awaitSenders(PriorityRule.NONE);
            settled(wanted);
            return;
        }
        if (before.synchronousStandbyNames().isEmpty()) {
            put(OwnedSettings.NOBODY);
            awaitWaitingCommits();
            awaitSenders(PriorityRule.NONE);
        } else {
            if (!before.synchronousStandbyNames().startsWith("ANY ")) {
                put(names);
            }
            awaitSenders(PriorityRule.ANY);
            put(OwnedSettings.namesInOrder(wanted));
            awaitSenders(PriorityRule.FIRST);
        }
        InForce certain = settled(wanted);
        put(names);
        inForce = Optional.of(certain);
    }

    private InForce settled(Synchronous wanted) throws PostgresException {
        Observation now = local.observe();
        InForce certain = new InForce(wanted, now.flushed().orElseThrow(), now.startedAt());
        inForce = Optional.of(certain);
        return certain;
    }

    /** Which priorities the senders show when they have taken up settings. 0 is always right: such a one releases nobody. */
    private enum PriorityRule {
        /** No settings that anybody fulfils. */
        NONE("sync_priority <> 0"),
        ANY("sync_priority > 1"),
        FIRST("sync_priority = 1");

        /** Finds the senders that go by others. */
        private final String broken;

        PriorityRule(String broken) {
            this.broken = broken;
        }
    }

    private void put(String names) throws PostgresException, InterruptedException {
        local.apply(local.asPrimary(Optional.of(names)), local.data().isClosed());
    }

    /** A sender that doesn't take the settings up is ended; its standby connects again. */
    private void awaitSenders(PriorityRule rule) throws PostgresException, InterruptedException {
        String others = " FROM pg_stat_replication WHERE " + rule.broken;
        if (awaitNone("SELECT pid" + others)) {
            return;
        }
        log.warn("ends WAL senders that don't take up new settings");
        local.sql().ask(local.limits().call(), "SELECT count(pg_terminate_backend(pid))" + others);
        if (!awaitNone("SELECT pid" + others)) {
            throw new PostgresException("a WAL sender doesn't take up synchronous_standby_names");
        }
    }

    private boolean awaitNone(String query) throws PostgresException, InterruptedException {
        return local.patience()
                .until(
                        local.limits().call(),
                        () -> local.sql().ask(local.limits().call(), query).isEmpty());
    }

    /** Commits something again and again until a commit is seen to wait; then all commits do. */
    private void awaitWaitingCommits() throws PostgresException, InterruptedException {
        boolean waits = false;
        try (Connection canary = local.sql().connect(local.limits().stream());
                Statement statement = canary.createStatement()) {
            statement.execute("SET synchronous_commit = on");
            statement.execute("SET statement_timeout = 0");
            String pid = Server.ask(canary, "SELECT pg_backend_pid()").orElseThrow();
            Canary commit = new Canary(statement);
            try {
                waits = local.patience().until(local.limits().call(), () -> {
                    commit.sing(threads);
                    return local.sql()
                            .ask(
                                    local.limits().call(),
                                    "SELECT 1 FROM pg_stat_activity WHERE pid = ?::int AND wait_event = 'SyncRep'",
                                    pid)
                            .isPresent();
                });
            } finally {
                // Terminated, not cancelled: nobody is to take it for acknowledged.
                local.sql().ask(local.limits().call(), "SELECT pg_terminate_backend(?::int)", pid);
            }
        } catch (SQLException e) {
            // Once it was seen to wait, that its session has ended is as it should be.
            if (!waits) {
                throw new PostgresException("it can't be seen whether commits wait: " + e.getMessage(), e);
            }
        }
        if (!waits) {
            throw new PostgresException("commits don't begin to wait for standbys");
        }
    }

    /** A commit that returns while commits don't wait, and then doesn't. */
    private static final class Canary {

        private final Statement statement;
        private CompletableFuture<Void> song = CompletableFuture.completedFuture(null);

        Canary(Statement statement) {
            this.statement = statement;
        }

        void sing(Executor threads) throws PostgresException {
            if (song.isCompletedExceptionally()) {
                throw new PostgresException(
                        "the agent can't commit: " + song.exceptionNow().getMessage());
            }
            if (song.isDone()) {
                song = CompletableFuture.runAsync(this::commit, threads);
            }
        }

        private void commit() {
            try {
                statement.execute("SELECT pg_logical_emit_message(true, 'holdfast', '')");
            } catch (SQLException e) {
                throw new IllegalStateException(e.getMessage(), e);
            }
        }
    }

    /** The slots of the standbys, so that the log that they need is kept from now on. */
    void makeSlots(Synchronous synchronous) throws PostgresException {
        for (NodeId standby : synchronous.standbys()) {
            local.makeSlot(local.sql(), SlotName.of(standby));
        }
    }
}
