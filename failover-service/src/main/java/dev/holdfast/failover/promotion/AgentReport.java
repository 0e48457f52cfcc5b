package dev.holdfast.failover.promotion;

import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.replication.Position;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The newest report of a node's agent.
 *
 * @param accepted the highest order number that the agent has persisted; it refuses lower ones
 * @param detached a standby that receives from nobody, durably, since an order of the accepted epoch
 * @param position for a stopped node: where it stopped, known only when {@code stoppedCleanly}
 * @param upstream from whom a standby receives now
 * @param sender what a primary says of its standbys; empty for others
 * @param clonedBy the order that made the present data directory, empty for an original one
 * @param age since it was asked for
 */
public record AgentReport(
        NodeId node,
        OrderNumber accepted,
        Postgres postgres,
        Role role,
        boolean detached,
        boolean stoppedCleanly,
        Position position,
        Lsn forkedAt,
        Optional<NodeId> upstream,
        Optional<Sender> sender,
        Optional<OrderNumber> clonedBy,
        Clock clock,
        Duration age) {

    public enum Postgres {
        /** There is no data directory. */
        ABSENT,
        STOPPED,
        /** Not consistent yet: its position proves nothing. */
        STARTING,
        RUNNING,
        /** Stopped by order, and stays so. */
        FENCED,
        CRASHED
    }

    public enum Role {
        PRIMARY,
        STANDBY
    }

    /**
     * What a primary knows of its synchronous replication.
     *
     * @param inForce the settings that every WAL sender has taken up; the older ones are in force nowhere any more
     * @param since the end of the log when they came into force
     * @param flushed up to where each connected standby has flushed
     */
    public record Sender(Synchronous inForce, Lsn since, Map<NodeId, Lsn> flushed) {
        public Sender {
            flushed = Map.copyOf(flushed);
        }
    }

    /** The agent's own monotonic clock when it reported. Another instance has another clock. */
    public record Clock(String instance, Duration reading) {}

    /** The same report, asked for so long ago. */
    public AgentReport withAge(Duration newAge) {
        return new AgentReport(
                node,
                accepted,
                postgres,
                role,
                detached,
                stoppedCleanly,
                position,
                forkedAt,
                upstream,
                sender,
                clonedBy,
                clock,
                newAge);
    }

    boolean isPrimary() {
        return postgres == Postgres.RUNNING && role == Role.PRIMARY;
    }

    boolean isConsistentStandby() {
        return postgres == Postgres.RUNNING && role == Role.STANDBY;
    }

    /** One that is fenced is started for it. */
    boolean canBeDetached() {
        return role == Role.STANDBY && (postgres == Postgres.RUNNING || postgres == Postgres.FENCED);
    }

    boolean isDown() {
        return postgres == Postgres.ABSENT
                || postgres == Postgres.STOPPED
                || postgres == Postgres.CRASHED
                || postgres == Postgres.FENCED;
    }
}
