package dev.holdfast.failover.promotion;

import dev.holdfast.failover.promotion.AgentReport.Sender;
import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.Reign;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.NodeId;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Fits the synchronous settings to the standbys that are there. The claim is weakened before PostgreSQL is told, and
 * strengthened only once the stronger settings are in force everywhere in the primary, and everything acknowledged under the
 * older ones has reached enough standbys of the new ones.
 */
record ReplicationSettings(Situation situation) {

    /** The next settings and claim, one step on the way; the same reign when nothing is to be changed. */
    Reign next() {
        Reign reign = situation.reign();
        Optional<AgentReport> primary =
                situation.freshOfEpoch(situation.primary()).filter(AgentReport::isPrimary);
        if (primary.isEmpty() || primary.get().sender().isEmpty() || !reign.confirmed()) {
            return reign;
        }
        if (!reign.claimed().equals(reign.wanted()) && situation.rules().mayClaim(reign, primary.get())) {
            return reign.withSettings(reign.wanted(), reign.wanted(), reign.wantedStep());
        }
        Synchronous desired = desired(primary.get().sender().get());
        if (desired.equals(reign.wanted())) {
            return reign;
        }
        Synchronous next = desired;
        if (!desired.implies(reign.claimed()) && !reign.claimed().implies(desired)) {
            // Neither is the weaker one: by way of what both imply.
            next = desired.weakest(reign.claimed());
        }
        if (next.equals(reign.wanted())) {
            return reign;
        }
        Synchronous claim = situation.rules().claimBefore(next, reign.claimed());
        return reign.withSettings(claim, next, situation.record().number().step() + 1);
    }

    /** Without any standby in reach the settings stay: then writes wait, as they must. */
    private Synchronous desired(Sender sender) {
        if (situation.isAsync()) {
            return Synchronous.NONE;
        }
        Set<NodeId> healthy = new HashSet<>();
        for (NodeId node : situation.others()) {
            boolean isMember = situation.reign().wanted().standbys().contains(node);
            Lsn flushed = sender.flushed().get(node);
            boolean caughtUp = isMember || (flushed != null && !flushed.isBefore(sender.since()));
            if (flushed != null && caughtUp && !situation.record().doubtful().contains(node)) {
                healthy.add(node);
            }
        }
        if (healthy.isEmpty()) {
            return situation.reign().wanted();
        }
        return new Synchronous(Math.min(situation.policy().synchronousStandbys(), healthy.size()), healthy);
    }
}
