package dev.holdfast.failover.agent;

import dev.holdfast.api.agent.AgentReport.Sender;
import dev.holdfast.api.agent.OrderAction;
import dev.holdfast.api.agent.PostgresRole;
import dev.holdfast.failover.promotion.AgentReport;
import dev.holdfast.failover.promotion.AgentReport.Postgres;
import dev.holdfast.failover.promotion.AgentReport.Role;
import dev.holdfast.failover.promotion.Order;
import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.Position;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Orders and reports as they go over the wire, and as the decider knows them. */
final class WireForms {

    private static final Position UNKNOWN = new Position(0, Lsn.ZERO);

    private WireForms() {}

    static AgentReport report(dev.holdfast.api.agent.AgentReport told, Duration age) {
        return new AgentReport(
                told.node(),
                told.accepted(),
                postgres(told),
                told.role().filter(PostgresRole.PRIMARY::equals).isPresent() ? Role.PRIMARY : Role.STANDBY,
                told.detached(),
                told.stoppedCleanly() && told.position().isPresent(),
                told.position().orElse(UNKNOWN),
                told.forkedAt().orElse(Lsn.ZERO),
                told.upstream(),
                told.sender().map(WireForms::sender),
                told.clonedBy(),
                new AgentReport.Clock(told.instance(), told.uptime()),
                age);
    }

    private static AgentReport.Sender sender(Sender told) {
        return new AgentReport.Sender(told.inForce(), told.since(), told.flushed());
    }

    private static Postgres postgres(dev.holdfast.api.agent.AgentReport told) {
        return switch (told.state()) {
            case ABSENT -> Postgres.ABSENT;
            case STOPPED -> Postgres.STOPPED;
            case STARTING -> Postgres.STARTING;
            case FENCED -> Postgres.FENCED;
            case CRASHED -> Postgres.CRASHED;
            // A server whose position isn't known proves nothing yet. Clients kept out or not, it replicates.
            case RUNNING, CLOSED -> told.position().isPresent() ? Postgres.RUNNING : Postgres.STARTING;
        };
    }

    /** @param addresses where PostgreSQL answers on each node; empty for a node that is not declared any more */
    static Optional<OrderAction> action(Order order, Function<NodeId, Optional<Endpoint>> addresses) {
        return switch (order) {
            case Order.Create ignored -> Optional.of(new OrderAction.Create());
            case Order.Detach ignored -> Optional.of(new OrderAction.Detach());
            case Order.Promote promote -> Optional.of(new OrderAction.Promote(promote.synchronous()));
            case Order.Follow follow ->
                addresses.apply(follow.upstream()).map(address -> new OrderAction.Follow(follow.upstream(), address));
            case Order.Reinitialise again ->
                addresses
                        .apply(again.upstream())
                        .map(address -> new OrderAction.Reinitialise(again.upstream(), address));
            case Order.Fence fence -> Optional.of(new OrderAction.Fence(mode(fence.mode())));
            case Order.Resume ignored -> Optional.of(new OrderAction.Resume());
            case Order.Synchronise synchronise -> Optional.of(new OrderAction.Synchronise(synchronise.synchronous()));
            case Order.Verify ignored -> Optional.of(new OrderAction.Verify());
            case Order.Lease lease ->
                throw new IllegalStateException("agents take no leases yet, so no cluster is async: " + lease);
        };
    }

    private static OrderAction.FenceMode mode(Order.Mode mode) {
        return switch (mode) {
            case FAST -> OrderAction.FenceMode.FAST;
            case IMMEDIATE -> OrderAction.FenceMode.IMMEDIATE;
        };
    }
}
