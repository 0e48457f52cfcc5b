package dev.holdfast.agent.supervision;

import dev.holdfast.agent.isolation.ControlContact;
import dev.holdfast.agent.isolation.IsolationDecider;
import dev.holdfast.agent.isolation.PrimarySituation;
import dev.holdfast.agent.isolation.StandbyReplies;
import dev.holdfast.agent.order.AgentRecord;
import dev.holdfast.agent.order.Assignment;
import dev.holdfast.agent.order.OrderDesk;
import dev.holdfast.agent.postgres.Observation;
import dev.holdfast.agent.postgres.PostgresEngine;
import dev.holdfast.agent.postgres.PostgresException;
import dev.holdfast.agent.postgres.ServerWatch;
import dev.holdfast.api.agent.PostgresState;
import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after the server: one look at a time, and what follows from it. For one thread; the status is for all. */
public final class Guard implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Guard.class);

    private final PostgresEngine engine;
    private final OrderDesk desk;
    private final Wakefulness wakefulness;
    private final ControlContact control;
    private final GuardTimings timings;
    private final LongSupplier nanoClock;
    private final ServerWatch watch;
    private final Object statusChange = new Object();
    private volatile NodeStatus status;
    private OptionalLong lastAttempt = OptionalLong.empty();
    private Optional<Proof> proof = Optional.empty();

    public Guard(
            PostgresEngine engine,
            OrderDesk desk,
            Wakefulness wakefulness,
            ControlContact control,
            GuardTimings timings,
            LongSupplier nanoClock) {
        this.engine = engine;
        this.desk = desk;
        this.wakefulness = wakefulness;
        this.control = control;
        this.timings = timings;
        this.nanoClock = nanoClock;
        this.watch = engine.watch();
        this.status = NodeStatus.unknown(nanoClock.getAsLong());
    }

    /** Log that was written to see who receives it, and the doubt because of which it was. */
    private record Proof(OptionalLong doubt, Lsn end) {}

    public NodeStatus status() {
        return status;
    }

    /** Waits until PostgreSQL is in another state than that one, but no longer than the limit. */
    public void awaitOtherThan(PostgresState known, Duration limit) throws InterruptedException {
        long deadline = nanoClock.getAsLong() + limit.toNanos();
        synchronized (statusChange) {
            for (long left = limit.toNanos();
                    status.state() == known && left > 0;
                    left = deadline - nanoClock.getAsLong()) {
                TimeUnit.NANOSECONDS.timedWait(statusChange, left);
            }
        }
    }

    /** One look, and what follows from it. What fails is tried again at the next. */
    public void look() {
        wakefulness.look();
        AgentRecord record = desk.record();
        boolean idle = desk.isIdle();
        boolean running = engine.isRunning();
        try {
            Optional<Observation> seen = running ? seen() : Optional.empty();
            StandbyReplies replies = seen.map(now -> status.replies().seeing(replyTimes(now), nanoClock.getAsLong()))
                    .orElse(status.replies());
            synchronized (statusChange) {
                status = status(record, idle, running, seen, replies);
                statusChange.notifyAll();
            }
            repair(record, idle, running);
            judge(record, idle, seen, replies);
            if (idle && seen.filter(Observation::isStreaming).isPresent()) {
                engine.deleteKeptLongerThan(timings.keepReplaced());
            }
        } catch (PostgresException e) {
            log.warn("{}", e.getMessage());
        }
    }

    @Override
    public void close() {
        watch.close();
    }

    private Optional<Observation> seen() {
        try {
            return Optional.of(watch.look());
        } catch (PostgresException e) {
            log.debug("{}", e.getMessage());
            return Optional.empty();
        }
    }

    private NodeStatus status(
            AgentRecord record, boolean idle, boolean running, Optional<Observation> seen, StandbyReplies replies)
            throws PostgresException {
        PostgresState state;
        Optional<String> detail = Optional.empty();
        if (running) {
            state = seen.isEmpty()
                    ? PostgresState.STARTING
                    : engine.keepsClientsOut() ? PostgresState.CLOSED : PostgresState.RUNNING;
        } else if (record.fenced().isPresent()) {
            state = PostgresState.FENCED;
            detail = record.fenced().map(AgentRecord.Fenced::reason);
        } else if (!engine.hasData()) {
            state = PostgresState.ABSENT;
        } else {
            // One that has a role, and that nothing is being done about, ought to run.
            state = idle && record.assignment().isPresent() ? PostgresState.CRASHED : PostgresState.STOPPED;
        }
        if (state != status.state()) {
            log.info("PostgreSQL is {}, was {}", state, status.state());
        }
        return new NodeStatus(nanoClock.getAsLong(), state, detail, seen, replies);
    }

    private void repair(AgentRecord record, boolean idle, boolean running) throws PostgresException {
        long now = nanoClock.getAsLong();
        boolean rested = lastAttempt.isEmpty()
                || now - lastAttempt.getAsLong() >= timings.repairPause().toNanos();
        NextStep.Step step = NextStep.decide(new NextStep.Situation(
                idle,
                record.fenced().isPresent(),
                record.assignment().map(Assignment::role),
                running,
                engine.isMarkedAsStandby(),
                rested));
        boolean begun = switch (step) {
            case NOTHING -> false;
            case STOP -> desk.whenIdle("stop a server that is fenced", current -> engine.fence(true));
            case START_STANDBY ->
                desk.whenIdle(
                        "start the standby",
                        current -> engine.restoreStandby(
                                current.assignment()
                                        .flatMap(Assignment::upstream)
                                        .map(Assignment.Upstream::address),
                                current.accepted()));
            case MARK_AS_STANDBY -> {
                engine.markAsStandby();
                yield false;
            }
        };
        if (begun) {
            lastAttempt = OptionalLong.of(now);
        }
    }

    private void judge(AgentRecord record, boolean idle, Optional<Observation> seen, StandbyReplies replies)
            throws PostgresException {
        OptionalLong doubt = wakefulness.doubtfulSince();
        if (!record.servesAsPrimary() || record.fenced().isPresent()) {
            doubt.ifPresent(wakefulness::confirm); // Nobody relies on it.
            return;
        }
        Synchronous synchronous =
                record.assignment().flatMap(Assignment::synchronous).orElse(Synchronous.NONE);
        boolean closed = engine.keepsClientsOut();
        boolean proven = isProven(doubt, closed, synchronous, seen);
        IsolationDecider.Step step = IsolationDecider.decide(
                situation(doubt, synchronous, replies, proven, closed), timings.isolation(), timings.confirmation());
        switch (step) {
            case GO_ON -> {}
            case CONFIRM -> {
                log.info("the role of the primary is confirmed");
                doubt.ifPresent(wakefulness::confirm);
            }
            case KEEP_CLIENTS_OUT ->
                desk.whenIdle(
                        "keep clients out until the role of the primary is confirmed",
                        current -> engine.keepClientsOut(current.assignment().flatMap(Assignment::synchronous)));
            case FENCE ->
                desk.fenceSelf("neither the control plane nor the synchronous standbys were heard for "
                        + timings.isolation().toMillis() + " ms");
        }
        if (closed && proven && idle) {
            desk.whenIdle(
                    "let clients in again",
                    current -> engine.letClientsIn(current.assignment().flatMap(Assignment::synchronous)));
        }
    }

    private PrimarySituation situation(
            OptionalLong doubt, Synchronous synchronous, StandbyReplies replies, boolean proven, boolean closed) {
        long now = nanoClock.getAsLong();
        Optional<Long> quorumHeardAt = replies.quorumHeardAt(
                synchronous.required(),
                synchronous.standbys().stream().map(NodeId::value).toList());
        return new PrimarySituation(
                synchronous.required(),
                control.silence(),
                control.sinceConfirmed(),
                quorumHeardAt.map(at -> Duration.ofNanos(now - at)),
                doubt.isPresent() ? Optional.of(Duration.ofNanos(now - doubt.getAsLong())) : Optional.empty(),
                proven,
                closed);
    }

    /** Whether the quorum has log that was written since the doubt, or the keeping out of clients, began. */
    private boolean isProven(OptionalLong doubt, boolean closed, Synchronous synchronous, Optional<Observation> seen)
            throws PostgresException {
        if ((doubt.isEmpty() && !closed) || synchronous.claimsNothing()) {
            proof = Optional.empty();
            return closed && synchronous.claimsNothing();
        }
        if (seen.isEmpty() || seen.get().inRecovery()) {
            return false;
        }
        if (proof.isEmpty() || !proof.get().doubt().equals(doubt)) {
            proof = Optional.of(new Proof(doubt, engine.markLog()));
            return false;
        }
        return seen.get().quorumHas(synchronous, proof.get().end());
    }

    private static Map<String, String> replyTimes(Observation seen) {
        Map<String, String> times = new HashMap<>();
        seen.standbys().forEach(standby -> times.put(standby.name(), standby.lastReply()));
        return times;
    }
}
