package dev.holdfast.failover.primary;

import dev.holdfast.api.agent.AgentApi;
import dev.holdfast.api.agent.AgentOrder;
import dev.holdfast.api.agent.AgentReport;
import dev.holdfast.api.agent.OrderAction;
import dev.holdfast.api.agent.OrderAnswer;
import dev.holdfast.api.agent.OrderOutcome;
import dev.holdfast.api.agent.PostgresRole;
import dev.holdfast.api.agent.PostgresState;
import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.replication.Position;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.ResourceAccessException;

/**
 * An agent with a database as far as the keeping of primaries sees it: it obeys at once. What databases really do to one
 * another is for the simulation and the real agents.
 */
final class PretendedAgent implements AgentApi {

    private final ClusterId cluster;
    private final Map<NodeId, PretendedAgent> peers;
    final NodeId node;
    final List<AgentOrder> obeyed = new ArrayList<>();
    boolean unreachable;
    PostgresState state = PostgresState.ABSENT;
    private Optional<PostgresRole> role = Optional.empty();
    private OrderNumber accepted = new OrderNumber(0, 0);
    private boolean detached;
    private boolean stoppedCleanly;
    private int timeline;
    private long end;
    private long forkedAt;
    private @Nullable NodeId upstream;
    private Synchronous synchronous = Synchronous.NONE;
    private long sequence;

    PretendedAgent(ClusterId cluster, NodeId node, Map<NodeId, PretendedAgent> peers) {
        this.cluster = cluster;
        this.node = node;
        this.peers = peers;
    }

    @Override
    public AgentReport state(Optional<Long> epoch, Optional<PostgresState> known, Optional<Integer> holdMillis) {
        synchronized (peers) {
            requireReachable();
            return report();
        }
    }

    @Override
    public OrderAnswer order(AgentOrder order) {
        synchronized (peers) {
            requireReachable();
            if (order.number().compareTo(accepted) < 0) {
                throw new HttpClientErrorException(HttpStatus.CONFLICT);
            }
            accepted = order.number();
            obeyed.add(order);
            OrderOutcome outcome = obey(order.action()) ? OrderOutcome.DONE : OrderOutcome.FAILED;
            return OrderAnswer.of(order, outcome, outcome == OrderOutcome.DONE ? "done" : "can't")
                    .withReport(report());
        }
    }

    /** As a client that writes a little. */
    void write(long bytes) {
        synchronized (peers) {
            end += bytes;
        }
    }

    void die() {
        synchronized (peers) {
            unreachable = true;
            state = PostgresState.CRASHED;
        }
    }

    void comeBack() {
        synchronized (peers) {
            unreachable = false;
        }
    }

    boolean isPrimary() {
        synchronized (peers) {
            return state == PostgresState.RUNNING && role.equals(Optional.of(PostgresRole.PRIMARY));
        }
    }

    boolean followsOneOf(PretendedAgent primary) {
        synchronized (peers) {
            return state == PostgresState.RUNNING && primary.node.equals(upstream);
        }
    }

    private boolean obey(OrderAction action) {
        return switch (action) {
            case OrderAction.Create ignored -> {
                if (state == PostgresState.ABSENT) {
                    lead(1, 0);
                }
                yield isPrimary();
            }
            case OrderAction.Detach ignored -> {
                boolean standby = state == PostgresState.RUNNING && role.equals(Optional.of(PostgresRole.STANDBY));
                if (standby) {
                    receive();
                    detached = true;
                    upstream = null;
                }
                yield standby;
            }
            case OrderAction.Promote promote -> {
                if (!isPrimary() && detached) {
                    lead(timeline + 1, end);
                }
                synchronous = promote.synchronous();
                yield isPrimary();
            }
            case OrderAction.Follow follow -> follow(follow.upstream());
            case OrderAction.Reinitialise again -> follow(again.upstream());
            case OrderAction.Fence fence -> {
                stoppedCleanly |= state == PostgresState.RUNNING && fence.mode() == OrderAction.FenceMode.FAST;
                state = PostgresState.FENCED;
                upstream = null;
                yield true;
            }
            case OrderAction.Resume ignored -> {
                state = PostgresState.RUNNING;
                stoppedCleanly = false;
                yield true;
            }
            case OrderAction.Synchronise synchronise -> {
                synchronous = synchronise.synchronous();
                yield isPrimary();
            }
            case OrderAction.Verify ignored -> isPrimary();
        };
    }

    private void lead(int newTimeline, long from) {
        state = PostgresState.RUNNING;
        role = Optional.of(PostgresRole.PRIMARY);
        detached = false;
        upstream = null;
        timeline = newTimeline;
        forkedAt = from;
    }

    private boolean follow(NodeId leader) {
        state = PostgresState.RUNNING;
        stoppedCleanly = false;
        role = Optional.of(PostgresRole.STANDBY);
        detached = false;
        upstream = leader;
        receive();
        return true;
    }

    private void receive() {
        if (upstream != null) {
            PretendedAgent leader = Objects.requireNonNull(peers.get(upstream));
            if (!leader.unreachable) {
                timeline = leader.timeline;
                end = leader.end;
                forkedAt = leader.forkedAt;
            }
        }
    }

    private AgentReport report() {
        receive();
        boolean running = state == PostgresState.RUNNING;
        return new AgentReport(
                "one",
                ++sequence,
                Duration.ofNanos(System.nanoTime()),
                cluster,
                node,
                accepted,
                Optional.empty(),
                state,
                Optional.empty(),
                role,
                detached,
                stoppedCleanly,
                running || stoppedCleanly ? Optional.of(new Position(timeline, new Lsn(end))) : Optional.empty(),
                running ? Optional.of(new Lsn(forkedAt)) : Optional.empty(),
                Optional.ofNullable(upstream),
                isPrimary() ? Optional.of(sender()) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    private AgentReport.Sender sender() {
        Map<NodeId, Lsn> flushed = new HashMap<>();
        peers.values().stream()
                .filter(peer -> node.equals(peer.upstream) && !peer.unreachable)
                .forEach(peer -> flushed.put(peer.node, new Lsn(end)));
        return new AgentReport.Sender(synchronous, Lsn.ZERO, flushed);
    }

    private void requireReachable() {
        if (unreachable) {
            throw new ResourceAccessException(node + " can't be reached");
        }
    }
}
