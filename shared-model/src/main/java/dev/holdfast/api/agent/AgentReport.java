package dev.holdfast.api.agent;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.replication.Position;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The state of a node as its agent knows it.
 *
 * @param instance another one after each start of the agent
 * @param sequence grows with each report of an instance
 * @param uptime of the agent, by its monotonic clock
 * @param accepted the highest order number that the agent has persisted; it refuses lower ones
 * @param lastOrder how the last order went, without a report of its own; empty before the first
 * @param role empty while it isn't known: PostgreSQL doesn't run, and no order has given it one
 * @param detached a standby that receives from nobody, durably, since an order of the accepted epoch
 * @param stoppedCleanly PostgreSQL doesn't run and ended with a shutdown checkpoint
 * @param position up to where the log is flushed here; of a stopped server known only when it stopped cleanly, and of a
 *     standby only once it is consistent
 * @param forkedAt where the timeline of {@code position} began
 * @param upstream the node from which a standby receives now; empty when from nobody
 * @param sender what a primary says of its synchronous replication; empty for others
 * @param clonedBy the number of the order that made the present data directory by a clone; empty for an original one
 * @param replayed up to where a standby has applied the log
 * @param standbys that receive from this server, as it shows them
 * @param systemIdentifier of the database system; the same on all nodes of a cluster
 * @param serverVersion such as {@code 180001}
 * @param lastFreeze the last time that the agent found itself or its clocks stopped or moved
 * @param keptDirectories data directories that were replaced and are still kept
 */
public record AgentReport(
        String instance,
        long sequence,
        Duration uptime,
        ClusterId cluster,
        NodeId node,
        OrderNumber accepted,
        Optional<OrderAnswer> lastOrder,
        PostgresState state,
        Optional<String> stateDetail,
        Optional<PostgresRole> role,
        boolean detached,
        boolean stoppedCleanly,
        Optional<Position> position,
        Optional<Lsn> forkedAt,
        Optional<NodeId> upstream,
        Optional<Sender> sender,
        Optional<OrderNumber> clonedBy,
        Optional<Lsn> replayed,
        List<StandbyView> standbys,
        Optional<String> systemIdentifier,
        Optional<Integer> serverVersion,
        Optional<Freeze> lastFreeze,
        List<String> keptDirectories) {

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public AgentReport {
        lastOrder = requireNonNullElse(lastOrder, Optional.empty());
        stateDetail = requireNonNullElse(stateDetail, Optional.empty());
        role = requireNonNullElse(role, Optional.empty());
        position = requireNonNullElse(position, Optional.empty());
        forkedAt = requireNonNullElse(forkedAt, Optional.empty());
        upstream = requireNonNullElse(upstream, Optional.empty());
        sender = requireNonNullElse(sender, Optional.empty());
        clonedBy = requireNonNullElse(clonedBy, Optional.empty());
        replayed = requireNonNullElse(replayed, Optional.empty());
        standbys = List.copyOf(requireNonNullElse(standbys, List.of()));
        systemIdentifier = requireNonNullElse(systemIdentifier, Optional.empty());
        serverVersion = requireNonNullElse(serverVersion, Optional.empty());
        lastFreeze = requireNonNullElse(lastFreeze, Optional.empty());
        keptDirectories = List.copyOf(requireNonNullElse(keptDirectories, List.of()));
    }

    /**
     * What a primary knows of its synchronous replication.
     *
     * @param inForce the settings that every WAL sender has taken up; older ones are in force nowhere any more
     * @param since the end of the log when they came into force
     * @param flushed up to where each connected standby has flushed
     */
    public record Sender(Synchronous inForce, Lsn since, Map<NodeId, Lsn> flushed) {
        public Sender {
            flushed = Map.copyOf(flushed);
        }
    }

    /**
     * A gap in the agent's own time.
     *
     * @param at when it was noticed
     * @param lasted how long nothing ran
     * @param clockMovedBy how far the wall clock moved beyond that; negative when it was set back
     */
    public record Freeze(Instant at, Duration lasted, Duration clockMovedBy) {}
}
