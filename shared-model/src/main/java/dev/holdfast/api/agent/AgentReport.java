package dev.holdfast.api.agent;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The state of a node as its agent knows it.
 *
 * @param instance another one after each start of the agent
 * @param sequence grows with each report of an instance
 * @param uptime of the agent, by its monotonic clock
 * @param epoch the highest that the agent has persisted
 * @param lastOrder how the last order went; empty before the first
 * @param role empty while it isn't known: PostgreSQL doesn't run, and no order has given it one
 * @param systemIdentifier of the database system; the same on all nodes of a cluster
 * @param serverVersion such as {@code 180001}
 * @param positions empty when PostgreSQL doesn't answer
 * @param lastFreeze the last time that the agent found itself or its clocks stopped or moved
 * @param keptDirectories data directories that were replaced and are still kept
 */
public record AgentReport(
        String instance,
        long sequence,
        Duration uptime,
        ClusterId cluster,
        NodeId node,
        Epoch epoch,
        Optional<OrderAnswer> lastOrder,
        PostgresState state,
        Optional<String> stateDetail,
        Optional<PostgresRole> role,
        Optional<String> systemIdentifier,
        Optional<Integer> serverVersion,
        Optional<Positions> positions,
        Optional<Freeze> lastFreeze,
        List<String> keptDirectories) {

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public AgentReport {
        lastOrder = requireNonNullElse(lastOrder, Optional.empty());
        stateDetail = requireNonNullElse(stateDetail, Optional.empty());
        role = requireNonNullElse(role, Optional.empty());
        systemIdentifier = requireNonNullElse(systemIdentifier, Optional.empty());
        serverVersion = requireNonNullElse(serverVersion, Optional.empty());
        positions = requireNonNullElse(positions, Optional.empty());
        lastFreeze = requireNonNullElse(lastFreeze, Optional.empty());
        keptDirectories = List.copyOf(requireNonNullElse(keptDirectories, List.of()));
    }

    /**
     * Where the server stands in its log, and whom it exchanges it with.
     *
     * @param written by a primary; empty for a standby
     * @param flushed to disk: written here by a primary, received by a standby
     * @param replayed by a standby; empty for a primary
     * @param upstream where a standby receives from; empty when it is to receive from nobody
     * @param receiver state of a standby's WAL receiver, such as {@code streaming}; empty when it has none
     * @param synchronousStandbyNames the setting in force, as PostgreSQL shows it
     * @param standbys that receive from this server
     */
    public record Positions(
            boolean inRecovery,
            long timeline,
            Optional<Lsn> written,
            Optional<Lsn> flushed,
            Optional<Lsn> replayed,
            Optional<String> upstream,
            Optional<String> receiver,
            String synchronousStandbyNames,
            List<StandbyView> standbys) {

        @SuppressWarnings("OptionalAssignedToNull") // As above.
        public Positions {
            written = requireNonNullElse(written, Optional.empty());
            flushed = requireNonNullElse(flushed, Optional.empty());
            replayed = requireNonNullElse(replayed, Optional.empty());
            upstream = requireNonNullElse(upstream, Optional.empty());
            receiver = requireNonNullElse(receiver, Optional.empty());
            standbys = List.copyOf(requireNonNullElse(standbys, List.of()));
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
