package dev.holdfast.agent.postgres;

import dev.holdfast.agent.postgres.PostgresEngine.Done;
import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.topology.Endpoint;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the server a standby of another, by the least that it takes, and takes it away from one. */
final class Following {

    /** So many looks, one after the other, have to find no WAL receiver. */
    private static final int QUIET_LOOKS = 2;

    private final LocalServer local;
    private final Replacement replacement;
    private final StandbyCopies copies;
    private final InstantSource clock;

    Following(LocalServer local, Replacement replacement, StandbyCopies copies, InstantSource clock) {
        this.local = local;
        this.replacement = replacement;
        this.copies = copies;
        this.clock = clock;
    }

    Done follow(Endpoint upstream, OrderNumber number) throws PostgresException, InterruptedException {
        replacement.recover();
        DataDirectory data = local.data();
        if (!data.exists()) {
            local.requireNoData();
            return reinitialise(upstream, number);
        }
        stopPrimary();
        boolean continues = local.isRunning() || data.control().state().wasStandby() || data.isFreshCopy();
        data.putStandbySignal();
        try (Server source = local.at(upstream).keepingSessions()) {
            return follow(upstream, source, continues, number);
        }
    }

    private Done follow(Endpoint upstream, Server source, boolean continues, OrderNumber number)
            throws PostgresException, InterruptedException {
        DataDirectory data = local.data();
        Observation primary = awaitPrimary(source);
        String system = data.control().systemIdentifier();
        if (!primary.systemIdentifier().equals(system)) {
            throw new PostgresException(
                    "the upstream " + upstream + " is another database system (" + primary.systemIdentifier()
                            + ") than this node's (" + system + "); only reinitialising replaces it");
        }
        local.makeSlot(source, SlotName.of(local.settings().node()));
        if (!local.isRunning() && (continues || !mayHaveDiverged(source, primary))) {
            local.configure(local.asStandby(Optional.of(upstream)), false);
            local.start();
        }
        if (local.isRunning() && !hasDiverged(source, primary, local.awaitObservation())) {
            local.apply(local.asStandby(Optional.of(upstream)), false);
            awaitStreaming(upstream);
            return Done.with("streams from " + upstream);
        }
        return replaceDiverged(upstream, source, number);
    }

    /** Clones the upstream and streams from it; what was here is kept beside it. */
    Done reinitialise(Endpoint upstream, OrderNumber number) throws PostgresException, InterruptedException {
        stopPrimary();
        try (Server source = local.at(upstream).keepingSessions()) {
            awaitPrimary(source);
            local.makeSlot(source, SlotName.of(local.settings().node()));
            copies.clone(upstream, source);
        }
        return putInPlace(upstream, "cloned from " + upstream, Optional.of(number));
    }

    /**
     * Stops receiving and returns when what the server has is known; starts it first, from nobody receiving, when it doesn't
     * run. The empty {@code primary_conninfo} is on disk before anything else, so that no restart begins to receive again.
     */
    void detach() throws PostgresException, InterruptedException {
        local.requireStandby();
        local.apply(local.asStandby(Optional.empty()), false);
        if (!local.isRunning()) {
            local.start();
        }
        // From here on the process that asks for WAL receivers has been sent the new setting, and reads it before it
        // next
        // decides where to read from. One that it had asked for before is there by now, or is before the second look.
        if (!receivesNoMore()) {
            throw new PostgresException("the WAL receiver doesn't end");
        }
        // After a restart nothing is known as received; what there is shows when it has been applied.
        boolean known = local.patience()
                .until(local.limits().start(), () -> local.observe().endKnown());
        if (!known) {
            throw new PostgresException("it takes too long to apply the log that is there");
        }
    }

    boolean isDetached(Observation seen) throws PostgresException {
        return seen.inRecovery()
                && seen.receiver().isEmpty()
                && seen.endKnown()
                && local.data().hasStandbySignal()
                && local.isApplied(local.asStandby(Optional.empty()), seen);
    }

    boolean follows(Endpoint upstream, Observation seen) throws PostgresException {
        return seen.inRecovery()
                && seen.isStreamingFrom(upstream)
                && local.data().hasStandbySignal()
                && local.isApplied(local.asStandby(Optional.of(upstream)), seen);
    }

    /** A frozen primary doesn't answer, and has to be stopped all the same. */
    private void stopPrimary() throws PostgresException, InterruptedException {
        DataDirectory data = local.data();
        if (local.isRunning()
                && (!data.hasStandbySignal() || !local.awaitObservation().inRecovery())) {
            data.putStandbySignal();
            local.stop(true);
        }
    }

    private boolean receivesNoMore() throws PostgresException, InterruptedException {
        List<Boolean> quiet = new ArrayList<>();
        return local.patience().until(local.limits().stream(), () -> {
            boolean none = endsNoReceiver();
            if (!none) {
                quiet.clear();
            }
            return none && quiet.add(true) && quiet.size() >= QUIET_LOOKS;
        });
    }

    /** Ends a WAL receiver, and says whether there was none. One that is still connecting is a process only. */
    private boolean endsNoReceiver() throws PostgresException {
        return local.sql().ask(local.limits().call(), """
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'walreceiver'
                        UNION ALL SELECT false FROM pg_stat_wal_receiver""").isEmpty();
    }

    private Done replaceDiverged(Endpoint upstream, Server source, OrderNumber number)
            throws PostgresException, InterruptedException {
        local.stop(true);
        Optional<String> failure = copies.rewind(upstream, source);
        if (failure.isEmpty()) {
            return putInPlace(upstream, "rewound to " + upstream, local.clonedBy());
        }
        copies.clone(upstream, source);
        return putInPlace(upstream, "cloned from " + upstream + ", because " + failure.get(), Optional.of(number));
    }

    /** @param clonedBy goes into place together with the data; a copy has that of the server that it was made of */
    private Done putInPlace(Endpoint upstream, String how, Optional<OrderNumber> clonedBy)
            throws PostgresException, InterruptedException {
        EngineSettings settings = local.settings();
        DataDirectory draft =
                new DataDirectory(replacement.draft(), settings.configuration().orElse(replacement.draft()));
        if (local.data().exists()) {
            draft.keepSettingsOf(settings.data());
        }
        draft.putStandbySignal();
        draft.markCloned(settings.node(), clonedBy);
        local.configure(draft, local.asStandby(Optional.of(upstream)), false);
        local.stop(true);
        Optional<Path> kept = replacement.putDraftInPlace(clock.instant());
        local.start();
        awaitStreaming(upstream);
        return new Done(how + kept.map(path -> "; the old data are in " + path).orElse(""), kept);
    }

    private Observation awaitPrimary(Server source) throws PostgresException, InterruptedException {
        List<PostgresException> failures = new ArrayList<>();
        List<Observation> seen = new ArrayList<>();
        boolean primary = local.patience().until(local.limits().stream(), () -> {
            try {
                seen.add(source.observe(local.limits().call()));
                return !seen.getLast().inRecovery();
            } catch (PostgresException e) {
                failures.clear(); // Only the last one tells anything.
                return !failures.add(e);
            }
        });
        if (!primary) {
            throw seen.isEmpty() ? failures.getLast() : new PostgresException("the upstream isn't a primary");
        }
        return seen.getLast();
    }

    private void awaitStreaming(Endpoint upstream) throws PostgresException, InterruptedException {
        boolean streams = local.patience()
                .until(local.limits().stream(), () -> local.awaitObservation().isStreamingFrom(upstream));
        if (!streams) {
            throw new PostgresException(
                    "the standby doesn't stream from " + upstream + "; see its log: the upstream may"
                            + " have removed log that it needs, then it has to be reinitialised");
        }
        local.sql().ask(local.limits().call(), """
                SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots
                WHERE slot_type = 'physical' AND NOT active AND starts_with(slot_name, ?)""", SlotName.PREFIX);
    }

    /** For a server that runs as a standby. */
    private boolean hasDiverged(Server source, Observation primary, Observation own) throws PostgresException {
        Lsn end = own.flushed().orElse(Lsn.ZERO);
        return diverged(source, primary, new Divergence.Local(own.timeline(), end, false));
    }

    /** For a stopped former primary. Where the log of one ends that wasn't shut down isn't known without reading it. */
    private boolean mayHaveDiverged(Server source, Observation primary) throws PostgresException {
        ControlFile control = local.data().control();
        return control.state() != ControlFile.State.SHUT_DOWN
                || diverged(source, primary, new Divergence.Local(control.timeline(), control.checkpoint(), true));
    }

    private boolean diverged(Server source, Observation primary, Divergence.Local own) throws PostgresException {
        TimelineHistory history = source.history(local.limits().call(), primary.timeline());
        // What was just received may be ahead of what was seen of the upstream a moment ago.
        Lsn end = source.observe(local.limits().call()).written().orElseThrow();
        return Divergence.compare(own, new Divergence.Upstream(history, end)) == Divergence.Finding.DIVERGED;
    }
}
