package dev.holdfast.health.verdict;

import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.Revision;
import java.util.Optional;

/**
 * Turns votes into a verdict.
 *
 * <p>A majority for UP makes the node HEALTHY, a majority for DOWN makes it UNHEALTHY. Too few voting observers for any
 * majority make it UNKNOWN, which keeps what was decided last. Enough observers without a majority change nothing.
 */
public final class VerdictDecider {

    private VerdictDecider() {}

    /** Decides from the snapshot alone; equal snapshots give equal decisions. */
    public static VerdictDecision decide(VerdictSnapshot snapshot) {
        Tally tally = Tally.of(snapshot.observers(), snapshot.opinions());
        if (tally.up() >= tally.quorum()) {
            return become(HealthStatus.HEALTHY, snapshot, tally, tally.inWords());
        }
        if (tally.down() >= tally.quorum()) {
            return become(HealthStatus.UNHEALTHY, snapshot, tally, tally.inWords());
        }
        if (!tally.hasQuorum()) {
            String reason = "%d of %d observers can vote, %d are needed; the last decision is kept"
                    .formatted(tally.voting(), tally.expected(), tally.quorum());
            return become(HealthStatus.UNKNOWN, snapshot, tally, reason);
        }
        return new VerdictDecision(tally, "no majority: " + tally.inWords(), Optional.empty());
    }

    private static VerdictDecision become(HealthStatus status, VerdictSnapshot snapshot, Tally tally, String reason) {
        // A node never judged is as unknown as one whose quorum is gone: nothing to state anew.
        HealthStatus before = snapshot.current().map(NodeHealth::status).orElse(HealthStatus.UNKNOWN);
        if (before == status) {
            return new VerdictDecision(tally, reason, Optional.empty());
        }
        Optional<HealthStatus> decided =
                status == HealthStatus.UNKNOWN ? snapshot.current().flatMap(NodeHealth::decided) : Optional.of(status);
        long incarnation =
                snapshot.current().map(NodeHealth::incarnation).orElse(0L) + (status == HealthStatus.UNHEALTHY ? 1 : 0);
        NodeHealth change = new NodeHealth(
                snapshot.node(),
                status,
                decided,
                incarnation,
                snapshot.now(),
                reason,
                snapshot.current().map(NodeHealth::version).orElse(Revision.NONE));
        return new VerdictDecision(tally, reason, Optional.of(change));
    }
}
