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
import dev.holdfast.api.agent.AgentReport.Positions;
import dev.holdfast.api.agent.PostgresRole;
import dev.holdfast.api.agent.StandbyView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes reports. Each has a look of its own at the server; where that fails, it says what the guard saw last. */
final class Reports {

    private static final Logger log = LoggerFactory.getLogger(Reports.class);

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
        AgentRecord record = desk.record();
        NodeStatus status = guard.status();
        Optional<Observation> seen = look();
        Optional<PostgresRole> role = seen.map(
                        server -> server.inRecovery() ? PostgresRole.STANDBY : PostgresRole.PRIMARY)
                .or(() -> record.assignment().map(Assignment::role));
        return new AgentReport(
                instance,
                sequence.incrementAndGet(),
                Duration.ofNanos(nanoClock.getAsLong() - startedAt),
                record.cluster(),
                record.node(),
                record.epoch(),
                record.last().map(Handled::answer),
                status.state(),
                status.detail(),
                role,
                seen.map(Observation::systemIdentifier).or(this::systemIdentifier),
                seen.map(Observation::serverVersion),
                seen.map(server -> positions(server, record, status.replies())),
                wakefulness.lastFreeze(),
                kept());
    }

    private Optional<Observation> look() {
        if (!engine.isRunning()) {
            return Optional.empty();
        }
        try {
            return Optional.of(engine.observe());
        } catch (PostgresException e) {
            log.debug("{}", e.getMessage());
            return Optional.empty();
        }
    }

    private Positions positions(Observation server, AgentRecord record, StandbyReplies replies) {
        long now = nanoClock.getAsLong();
        List<StandbyView> standbys = server.standbys().stream()
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
        Optional<String> upstream = server.receiver()
                .map(receiver -> receiver.host() + ":" + receiver.port())
                .or(() -> server.inRecovery()
                        ? record.assignment().flatMap(Assignment::upstream).map(Object::toString)
                        : Optional.empty());
        return new Positions(
                server.inRecovery(),
                server.timeline(),
                server.written(),
                server.flushed(),
                server.replayed(),
                upstream,
                server.receiver().map(Observation.Receiver::status),
                server.synchronousStandbyNames(),
                standbys);
    }

    private Optional<String> systemIdentifier() {
        try {
            return engine.systemIdentifier();
        } catch (PostgresException e) {
            log.debug("{}", e.getMessage());
            return Optional.empty();
        }
    }

    private List<String> kept() {
        try {
            return engine.keptData().stream().map(Path::toString).toList();
        } catch (PostgresException e) {
            log.debug("{}", e.getMessage());
            return List.of();
        }
    }
}
