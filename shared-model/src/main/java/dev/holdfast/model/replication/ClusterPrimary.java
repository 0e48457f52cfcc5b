package dev.holdfast.model.replication;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.NodeRole;
import java.time.Instant;
import java.util.Optional;

/**
 * The primary of an active-passive cluster, as stored.
 *
 * @param paused nothing begins by itself while it is present
 * @param scheduled the switchover that is to begin at a time
 * @param version the revision that last changed it
 */
public record ClusterPrimary(
        ClusterId cluster,
        PrimaryRecord record,
        Optional<Pause> paused,
        Optional<ScheduledSwitchover> scheduled,
        Revision version) {

    /** Who has paused automatic failover, and why. */
    public record Pause(String by, String reason, Instant since) {}

    /** Nothing is scheduled. */
    public ClusterPrimary(ClusterId cluster, PrimaryRecord record, Optional<Pause> paused, Revision version) {
        this(cluster, record, paused, Optional.empty(), version);
    }

    public NodeRole roleOf(NodeId node) {
        return record.reign().primary().equals(node) ? NodeRole.PRIMARY : NodeRole.STANDBY;
    }

    public ClusterPrimary with(PrimaryRecord next) {
        return new ClusterPrimary(cluster, next, paused, scheduled, version);
    }

    public ClusterPrimary withPaused(Optional<Pause> next) {
        return new ClusterPrimary(cluster, record, next, scheduled, version);
    }

    public ClusterPrimary withScheduled(Optional<ScheduledSwitchover> next) {
        return new ClusterPrimary(cluster, record, paused, next, version);
    }

    public ClusterPrimary withVersion(Revision newVersion) {
        return new ClusterPrimary(cluster, record, paused, scheduled, newVersion);
    }
}
