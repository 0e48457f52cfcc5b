package dev.holdfast.api;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.replication.Handover;
import dev.holdfast.model.replication.PauseEverywhere;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.replication.Refusal;
import dev.holdfast.model.replication.ScheduledSwitchover;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The primary of a cluster as the API shows it.
 *
 * @param epoch grows whenever the primary may change
 * @param since when the phase began
 * @param primary the only node that may be primary in this epoch
 * @param confirmed whether it has been seen as primary since it was designated
 * @param claimed which standbys hold every acknowledged write, at least so many of them
 * @param wanted what PostgreSQL is told to wait for
 * @param handover the failover or switchover that runs
 * @param blocked why nothing is done although something is wrong
 * @param doubtful nodes that are cloned before they count again
 * @param paused nothing begins by itself while it is present
 * @param pausedEverywhere nothing begins by itself in any cluster while it is present
 * @param scheduled the switchover that is to begin at a time
 */
public record PrimaryView(
        ClusterId cluster,
        long epoch,
        FailoverPhase phase,
        Instant since,
        NodeId primary,
        boolean confirmed,
        Synchronous claimed,
        Synchronous wanted,
        Optional<Handover> handover,
        Optional<Refusal> blocked,
        Set<NodeId> doubtful,
        Optional<ClusterPrimary.Pause> paused,
        Optional<ClusterPrimary.Pause> pausedEverywhere,
        Optional<ScheduledSwitchover> scheduled,
        Revision version) {

    /** The primary as {@code view} has it. */
    public static PrimaryView of(StateView view, ClusterPrimary primary) {
        Optional<PauseEverywhere> everywhere = view.pauseEverywhere();
        PrimaryRecord record = primary.record();
        return new PrimaryView(
                primary.cluster(),
                record.number().epoch(),
                record.phase(),
                record.since(),
                record.reign().primary(),
                record.reign().confirmed(),
                record.reign().claimed(),
                record.reign().wanted(),
                record.handover(),
                record.blocked(),
                record.doubtful(),
                primary.paused(),
                everywhere.map(PauseEverywhere::pause),
                primary.scheduled(),
                version(view, primary));
    }

    /** Of all that the view of this primary shows. */
    public static Revision version(StateView view, ClusterPrimary primary) {
        return view.pauseEverywhere()
                .map(PauseEverywhere::version)
                .filter(pause -> pause.isAfter(primary.version()))
                .orElse(primary.version());
    }
}
