package dev.holdfast.agent.control;

import dev.holdfast.agent.isolation.StandbyReplies;
import dev.holdfast.agent.order.AgentRecord;
import dev.holdfast.agent.order.AgentRecord.Handled;
import dev.holdfast.agent.order.Assignment;
import dev.holdfast.agent.order.OrderDesk;
import dev.holdfast.agent.postgres.Observation;
import dev.holdfast.agent.postgres.PostgresEngine;
import dev.holdfast.agent.postgres.PostgresException;
import dev.holdfast.agent.supervision.Guard;
import dev.holdfast.agent.supervision.NodeStatus;
import dev.holdfast.agent.supervision.Wakefulness;
import dev.holdfast.api.agent.AgentReport;
import dev.holdfast.api.agent.PostgresRole;
import dev.holdfast.api.agent.StandbyView;
import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.Position;
import dev.holdfast.model.topology.DnsLabel;
import dev.holdfast.model.topology.NodeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes reports. Each has a look of its own at the server; what that doesn't show is left out. */
final class Reports {

    private static final Logger log = LoggerFactory.getLogger(Reports.class);

    /** A standby says something each second; one that hasn't for three may be gone, though its connection stands. */
    private static final Duration HEARD_WITHIN = Duration.ofSeconds(3);

    private final PostgresEngine engine;
    private final OrderDesk desk;
    private final Guard guard;
    private final Wakefulness wakefulness;
    private final LongSupplier nanoClock;
    private final String instance;
    private final long startedAt;
    private final AtomicLong sequence = new AtomicLong();

    Reports(
            PostgresEngine engine,
            OrderDesk desk,
            Guard guard,
            Wakefulness wakefulness,
            LongSupplier nanoClock,
            String instance) {
        this.engine = engine;
        this.desk = desk;
        this.guard = guard;
        this.wakefulness = wakefulness;
        this.nanoClock = nanoClock;
        this.instance = instance;
        this.startedAt = nanoClock.getAsLong();
    }

    AgentReport now() {
        // Before anything else: the reader takes the report to be at most as young as that.
        Duration uptime = Duration.ofNanos(nanoClock.getAsLong() - startedAt);
        // Before the server is looked at: what was ordered meanwhile isn't taken for done.
        AgentRecord record = desk.record();
        NodeStatus status = guard.status();
        Optional<Observation> seen = look();
        Standing standing = standing(record, seen);
        return new AgentReport(
                instance,
                sequence.incrementAndGet(),
                uptime,
                record.cluster(),
                record.node(),
                record.accepted(),
                record.last().map(Handled::answer),
                status.state(),
                status.detail(),
                seen.map(Reports::role).or(() -> known("role", () -> roleOfStopped(record))),
                standing.detached(),
                standing.stoppedCleanly(),
                standing.position(),
                standing.position().flatMap(at -> known("fork", () -> engine.forkedAt(at.timeline()))),
                seen.flatMap(server -> upstream(record, server)),
                seen.flatMap(server -> engine.sender(server, connected(server, status.replies()))),
                known("clone", engine::clonedBy),
                seen.flatMap(Observation::replayed),
                seen.map(server -> standbys(server, status.replies())).orElse(List.of()),
                seen.map(Observation::systemIdentifier).or(() -> known("system", engine::systemIdentifier)),
                seen.map(Observation::serverVersion),
                wakefulness.lastFreeze(),
                known("kept data", () -> Optional.of(engine.keptData()))
                        .map(kept -> kept.stream().map(Path::toString).toList())
                        .orElse(List.of()));
    }

    /** Where the node stands in the log. */
    private record Standing(boolean detached, boolean stoppedCleanly, Optional<Position> position) {}

    private Standing standing(AgentRecord record, Optional<Observation> seen) {
        if (seen.isPresent()) {
            Observation server = seen.get();
            boolean detached = record.countsAsDetached()
                    && known("detachment", () -> Optional.of(engine.isDetached(server)))
                            .orElse(false);
            return new Standing(
                    detached,
                    false,
                    server.flushed()
                            .filter(_ -> server.endKnown())
                            .map(end -> new Position(Math.toIntExact(server.timeline()), end)));
        }
        Optional<Position> end = known("end", engine::cleanEnd);
        return new Standing(false, end.isPresent(), end);
    }

    private Optional<Observation> look() {
        return engine.isRunning() ? known("server", () -> Optional.of(engine.glance())) : Optional.empty();
    }

    private static PostgresRole role(Observation server) {
        return server.inRecovery() ? PostgresRole.STANDBY : PostgresRole.PRIMARY;
    }

    /** One whose promotion nobody saw the end of may have become a primary all the same. */
    private Optional<PostgresRole> roleOfStopped(AgentRecord record) throws PostgresException {
        if (record.mayBePromoted() && !engine.isRunning() && engine.isPrimaryByItsData()) {
            return Optional.of(PostgresRole.PRIMARY);
        }
        return record.assignment().map(Assignment::role);
    }

    private static Optional<NodeId> upstream(AgentRecord record, Observation server) {
        return record.assignment()
                .flatMap(Assignment::upstream)
                .filter(upstream -> server.isStreamingFrom(upstream.address()))
                .map(Assignment.Upstream::node);
    }

    /** Up to where the standbys have flushed that are connected and have been heard lately. */
    private Map<NodeId, Lsn> connected(Observation server, StandbyReplies replies) {
        Map<NodeId, Lsn> flushed = new HashMap<>();
        for (Observation.Standby standby : server.standbys()) {
            boolean heard = replies.silence(standby.name(), nanoClock.getAsLong())
                    .filter(silence -> silence.compareTo(HEARD_WITHIN) > 0)
                    .isEmpty();
            if (heard && standby.state().equals("streaming") && standby.name().matches(DnsLabel.PATTERN)) {
                standby.flushed().ifPresent(end -> flushed.merge(new NodeId(standby.name()), end, Reports::lower));
            }
        }
        return flushed;
    }

    private static Lsn lower(Lsn one, Lsn other) {
        return one.isBefore(other) ? one : other;
    }

    private List<StandbyView> standbys(Observation server, StandbyReplies replies) {
        long now = nanoClock.getAsLong();
        return server.standbys().stream()
                .map(standby -> new StandbyView(
                        standby.name(),
                        standby.state(),
                        standby.syncState(),
                        standby.sent(),
                        standby.written(),
                        standby.flushed(),
                        standby.replayed(),
                        replies.silence(standby.name(), now)
                                .map(Duration::toMillis)
                                .orElse(0L)))
                .toList();
    }

    private interface Look<T> {
        Optional<T> take() throws PostgresException;
    }

    /** What can't be seen isn't reported. */
    private static <T> Optional<T> known(String what, Look<T> look) {
        try {
            return look.take();
        } catch (PostgresException e) {
            log.debug("{}: {}", what, e.getMessage());
            return Optional.empty();
        }
    }
}
