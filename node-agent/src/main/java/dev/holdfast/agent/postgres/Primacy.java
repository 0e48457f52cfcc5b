package dev.holdfast.agent.postgres;

import dev.holdfast.agent.postgres.PostgresEngine.Done;
import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.Synchronous;
import java.util.Optional;

/** Makes the server a primary, and lets clients at it or keeps them out. */
final class Primacy {

    private final LocalServer local;
    private final CommitSettings commits;

    Primacy(LocalServer local, CommitSettings commits) {
        this.local = local;
        this.commits = commits;
    }

    /** Runs a new system, whose commits wait for nobody. */
    void begin() throws PostgresException, InterruptedException {
        local.data().removeStandbySignal();
        local.configure(local.asPrimary(Optional.of(OwnedSettings.names(Synchronous.NONE))), false);
        local.start();
        commits.begunWith(Synchronous.NONE, local.observe());
    }

    /** Lets a detached standby become the primary. Its commits wait for these standbys from the first on. */
    Done promote(Synchronous synchronous) throws PostgresException, InterruptedException {
        Optional<String> names = Optional.of(OwnedSettings.names(synchronous));
        Observation before = local.observe();
        if (before.inRecovery()) {
            if (!before.primaryConnection().isEmpty() || before.receiver().isPresent()) {
                throw new PostgresException("the standby isn't detached");
            }
            commits.forget();
            local.apply(local.asPrimary(names), false);
            local.sql().ask(local.limits().call(), "SELECT pg_promote(false)");
            if (!local.patience()
                    .until(local.limits().promote(), () -> !local.observe().inRecovery())) {
                throw new PostgresException("the promotion hangs");
            }
            commits.begunWith(synchronous, local.observe());
        } else if (commits.in(before).isEmpty()) {
            // It was promoted, and nobody saw the end of that.
            commits.change(synchronous);
        }
        commits.makeSlots(synchronous);
        return Done.with("promoted");
    }

    /** Ends a promotion that was ordered and may still come about: the next start knows nothing of it. */
    void callOffPromotion() throws PostgresException, InterruptedException {
        if (local.isRunning() && local.awaitObservation().inRecovery()) {
            local.stop(true);
        }
    }

    /**
     * Runs the server as the primary that it was. Clients are let in when so many of the synchronous standbys as commits
     * wait for have all that this server has: after a crash it shows commits that no standby may have.
     *
     * @param synchronous empty leaves the user's setting, and lets clients in at once
     */
    Done resume(Optional<Synchronous> synchronous) throws PostgresException, InterruptedException {
        boolean waits =
                synchronous.filter(settings -> !settings.claimsNothing()).isPresent();
        Optional<String> names = synchronous.map(OwnedSettings::names);
        if (!local.isRunning()) {
            local.configure(local.asPrimary(names), waits);
            local.data().removeStandbySignal();
            local.start();
            Observation begun = local.awaitObservation();
            if (!begun.inRecovery()) {
                synchronous.ifPresent(settings -> commits.begunWith(settings, begun));
            }
        }
        Observation own = local.awaitObservation();
        if (own.inRecovery()) {
            throw new PostgresException("the server is a standby");
        }
        if (waits) {
            Lsn all = own.written().orElseThrow();
            Synchronous standbys = synchronous.orElseThrow();
            if (!local.patience()
                    .until(local.limits().stream(), () -> local.observe().quorumHas(standbys, all))) {
                throw new PostgresException("clients are kept out: fewer than " + standbys.required()
                        + " synchronous standbys have the log up to " + all);
            }
        }
        local.apply(local.asPrimary(names), false);
        return Done.with("runs as the primary");
    }

    /** Lets commits wait for these standbys. Returns when no commit waits for fewer. */
    Done synchronise(Synchronous synchronous) throws PostgresException, InterruptedException {
        if (local.observe().inRecovery()) {
            throw new PostgresException("the server is a standby");
        }
        commits.makeSlots(synchronous);
        commits.change(synchronous);
        return Done.with("commits wait for: " + OwnedSettings.names(synchronous));
    }

    /** Keeps clients out, and ends the sessions that they have; a wait for a standby is never answered. */
    void keepClientsOut(Optional<Synchronous> synchronous) throws PostgresException, InterruptedException {
        local.apply(local.asPrimary(synchronous.map(OwnedSettings::names)), true);
        local.sql().ask(local.limits().call(), """
                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
                    AND NOT (usename = current_user AND application_name = ?)""", Server.APPLICATION);
    }

    void letClientsIn(Optional<Synchronous> synchronous) throws PostgresException, InterruptedException {
        local.apply(local.asPrimary(synchronous.map(OwnedSettings::names)), false);
    }
}
