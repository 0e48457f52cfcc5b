package dev.holdfast.model.replication;

import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who is primary, on which history, and what may be claimed of its writes.
 *
 * @param primary the only node that may be primary in this epoch
 * @param confirmed whether it has been seen as primary since it was designated
 * @param history every accepted timeline with where it began, oldest first
 * @param openedBefore the highest timeline that any earlier primary may have opened, seen or unseen
 * @param opened the same, this primary included
 * @param claimed what is certain: weakened before PostgreSQL is told, strengthened after the past meets it too
 * @param wanted what PostgreSQL is told; implies what is claimed
 * @param wantedStep the step since which {@code wanted} is wanted
 * @param leaseUntil async: until when the primary may acknowledge writes at the latest, by the store's clock
 */
public record Reign(
        NodeId primary,
        boolean confirmed,
        List<TimelineStart> history,
        int openedBefore,
        int opened,
        Synchronous claimed,
        Synchronous wanted,
        long wantedStep,
        Optional<Instant> leaseUntil) {

    public Reign {
        history = List.copyOf(history);
        if (!wanted.implies(claimed)) {
            throw new IllegalArgumentException(
                    "PostgreSQL would be told " + wanted + ", less than the claimed " + claimed);
        }
    }

    public record TimelineStart(int timeline, Lsn at) {}

    public int timeline() {
        return history.getLast().timeline();
    }

    /** Whether the timeline that the primary opens has a number that no earlier primary may have opened. */
    public boolean opensNewTimeline() {
        return opened > openedBefore;
    }

    /** Whether the position lies on the accepted history: the node lags, but has nothing of its own. */
    public boolean accepts(Position position) {
        for (int index = 0; index < history.size(); index++) {
            if (history.get(index).timeline() == position.timeline()) {
                boolean beganHere =
                        !position.flushed().isBefore(history.get(index).at());
                boolean endsLater = index + 1 == history.size()
                        || position.flushed().compareTo(history.get(index + 1).at()) <= 0;
                return beganHere && endsLater;
            }
        }
        return false;
    }

    /** Up to where a node at this position has what the accepted history has; everything, when its timeline is unknown. */
    public Lsn sharedUpTo(Position position) {
        for (int index = 0; index + 1 < history.size(); index++) {
            Lsn end = history.get(index + 1).at();
            if (history.get(index).timeline() == position.timeline() && end.isBefore(position.flushed())) {
                return end;
            }
        }
        return position.flushed();
    }

    /** The primary is on this timeline: what the history held of this number or a later one was nobody's ancestor. */
    public Reign confirmed(Position position, Lsn forkedAt) {
        List<TimelineStart> next = history;
        if (!confirmed) {
            next = new ArrayList<>(history);
            next.removeIf(start -> start.timeline() >= position.timeline());
            next.add(new TimelineStart(position.timeline(), forkedAt));
        }
        return new Reign(primary, true, next, openedBefore, opened, claimed, wanted, wantedStep, leaseUntil);
    }

    public Reign designated(NodeId candidate, Position from, Synchronous settings, Synchronous claim, long step) {
        return new Reign(
                candidate,
                false,
                history,
                opened,
                Math.max(opened, from.timeline() + 1),
                claim,
                settings,
                step,
                Optional.empty());
    }

    public Reign withSettings(Synchronous claim, Synchronous settings, long step) {
        return new Reign(primary, confirmed, history, openedBefore, opened, claim, settings, step, leaseUntil);
    }

    public Reign withLeaseUntil(Instant until) {
        return new Reign(
                primary, confirmed, history, openedBefore, opened, claimed, wanted, wantedStep, Optional.of(until));
    }
}
