package dev.holdfast.health.probe;

import dev.holdfast.health.opinion.Sighting;
import dev.holdfast.model.health.ProbeOutcome;
import dev.holdfast.model.health.ProbeResult;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * Checks every target at its interval, each one check at a time.
 *
 * <p>First checks are spread over the interval. A later one comes at most the jitter early and never late, so that
 * failures are seen within {@code fall × interval + timeout}. All state belongs to one thread, the loop; the public methods may be called on any.
 *
 * <p>An observer that was stopped for a while (by a signal, a garbage collection, a busy machine) would take its own
 * standstill for time-outs of nodes. The loop notices the gaps in its own pulse and timeouts that come late, and checks
 * that were under way meanwhile don't count and are made anew.
 */
public final class ProbeScheduler implements Disposable {

    private static final Logger log = LoggerFactory.getLogger(ProbeScheduler.class);

    /** How often the loop looks at the clock to notice that it stood still. */
    static final Duration PULSE = Duration.ofMillis(50);

    /** Nodes that are checked rarely get their first check within this time all the same. */
    private static final Duration FIRST_CHECK_WITHIN = Duration.ofSeconds(2);

    /** A hint is passed over when the node had an extra check within this time, or within the interval. */
    private static final Duration HINT_PAUSE = Duration.ofSeconds(1);

    /** The same for checks that an opinion waits for: shorter than the quickest clusters take to find a node failing. */
    private static final Duration LOOK_PAUSE = Duration.ofMillis(100);

    private final Prober prober;
    private final CheckListener listener;
    private final Scheduler loop;
    private final LongSupplier nanoClock;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final ProbeMetrics metrics;
    private final long startNanos;
    private final Standstills standstills = new Standstills(PULSE);
    private final Map<NodeId, Slot> slots = new HashMap<>();
    private boolean closed;

    /** @param loop runs tasks one after another, each no earlier than it is due */
    public ProbeScheduler(
            Prober prober,
            CheckListener listener,
            Scheduler loop,
            LongSupplier nanoClock,
            InstantSource clock,
            RandomGenerator random,
            ProbeMetrics metrics) {
        this.prober = prober;
        this.listener = listener;
        this.loop = loop;
        this.nanoClock = nanoClock;
        this.clock = clock;
        this.random = random;
        this.metrics = metrics;
        this.startNanos = nanoClock.getAsLong();
    }

    public void start() {
        loop.schedule(this::pulse);
    }

    /** Checks exactly these from now on. Those known already at the same address keep their rhythm. */
    public void follow(Map<NodeId, CheckTarget> targets) {
        loop.schedule(() -> apply(targets));
    }

    /**
     * Checks the node anew as soon as a check under way has ended; the outcome counts as any other. Empty when the node
     * isn't followed.
     */
    public Mono<ProbeResult> checkNow(NodeId node) {
        return Mono.create(sink -> loop.schedule(() -> {
            Slot slot = slots.get(node);
            if (slot == null || closed) {
                sink.success();
                return;
            }
            slot.waiting.add(sink);
            if (!slot.inFlight) {
                begin(slot);
            }
        }));
    }

    /** Checks these nodes at once, except those being checked and those that had such an extra check a moment ago. */
    public void hint(Collection<NodeId> nodes) {
        loop.schedule(() -> nodes.forEach(node -> checkSoon(node, HINT_PAUSE)));
    }

    /** The same for the sake of an opinion that waits: also those that had an extra check not quite so recently. */
    public void lookAt(Collection<NodeId> nodes) {
        loop.schedule(() -> nodes.forEach(node -> checkSoon(node, LOOK_PAUSE)));
    }

    @Override
    public void dispose() {
        loop.schedule(() -> {
            closed = true;
            slots.values().forEach(this::forget);
            slots.clear();
        });
    }

    private void pulse() {
        if (closed) {
            return;
        }
        try {
            Duration now = now();
            noticeStandstill(now);
            listener.ticked(now);
        } catch (RuntimeException e) {
            log.error("the check loop's tick failed; it goes on", e);
        } finally {
            loop.schedule(this::pulse, PULSE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void apply(Map<NodeId, CheckTarget> targets) {
        if (closed) {
            return;
        }
        listener.following(targets);
        slots.values().removeIf(slot -> {
            CheckTarget now = targets.get(slot.target.node());
            boolean gone = now == null || !now.address().equals(slot.target.address());
            if (gone) {
                forget(slot);
            }
            return gone;
        });
        for (CheckTarget target : targets.values()) {
            Slot slot = slots.get(target.node());
            if (slot == null) {
                slot = new Slot(target);
                slots.put(target.node(), slot);
                scheduleWithin(slot, target.check().interval());
            } else if (!slot.target.equals(target)) {
                slot.target = target;
                if (!slot.inFlight) {
                    scheduleWithin(slot, target.check().interval());
                }
            }
        }
    }

    private void forget(Slot slot) {
        slot.cancelTimer();
        slot.waiting.forEach(MonoSink::success);
        slot.waiting.clear();
    }

    private void scheduleWithin(Slot slot, Duration interval) {
        Duration atMost = interval.compareTo(FIRST_CHECK_WITHIN) < 0 ? interval : FIRST_CHECK_WITHIN;
        schedule(slot, now().plusNanos((long) (atMost.toNanos() * random.nextDouble())));
    }

    private void schedule(Slot slot, Duration due) {
        slot.cancelTimer();
        slot.due = due;
        long delay = Math.max(0, due.minus(now()).toNanos());
        slot.timer = loop.schedule(() -> begin(slot), delay, TimeUnit.NANOSECONDS);
    }

    private void checkSoon(NodeId node, Duration atMostEvery) {
        Slot slot = slots.get(node);
        if (slot == null || slot.inFlight || closed) {
            return;
        }
        Duration interval = slot.target.check().interval();
        Duration pause = interval.compareTo(atMostEvery) < 0 ? interval : atMostEvery;
        Duration now = now();
        if (slot.extraCheckAt != null && now.minus(slot.extraCheckAt).compareTo(pause) < 0) {
            return;
        }
        slot.extraCheckAt = now;
        begin(slot);
    }

    private void begin(Slot slot) {
        if (closed || slot.inFlight || slots.get(slot.target.node()) != slot) {
            return;
        }
        slot.cancelTimer();
        slot.inFlight = true;
        Duration startedAt = now();
        noticeStandstill(startedAt);
        if (slot.due.compareTo(startedAt) < 0) {
            metrics.late(startedAt.minus(slot.due));
        }
        List<MonoSink<ProbeResult>> answered = List.copyOf(slot.waiting);
        slot.waiting.clear();
        CheckTarget target = slot.target;
        prober.probe(target)
                .onErrorResume(failure -> {
                    log.error("the check of node {} itself failed", target.node(), failure);
                    return Mono.just(new ProbeResult(
                            ProbeOutcome.UNREACHABLE, clock.instant(), Duration.ZERO, "the check failed: " + failure));
                })
                .publishOn(loop)
                .subscribe(result -> end(slot, target, startedAt, answered, result));
    }

    private void end(
            Slot slot,
            CheckTarget target,
            Duration startedAt,
            List<MonoSink<ProbeResult>> answered,
            ProbeResult result) {
        slot.inFlight = false;
        if (closed || slots.get(target.node()) != slot) {
            answered.forEach(MonoSink::success);
            return;
        }
        Duration endedAt = now();
        noticeStandstill(endedAt);
        if (!slot.target.equals(target) || tellsNothing(result.outcome(), target, startedAt, endedAt)) {
            metrics.discarded();
            slot.waiting.addAll(0, answered);
            begin(slot);
            return;
        }
        Duration pause = target.check().interval();
        try {
            metrics.checked(result.outcome(), endedAt.minus(startedAt));
            pause = listener.checked(target, new Sighting(result.outcome(), startedAt, endedAt), result);
        } catch (RuntimeException e) {
            log.error("a check of node {} could not be counted; its checks go on", target.node(), e);
        }
        answered.forEach(sink -> sink.success(result));
        if (!slot.waiting.isEmpty()) {
            begin(slot);
            return;
        }
        double early = target.check().jitter() * random.nextDouble();
        schedule(slot, startedAt.plusNanos((long) (pause.toNanos() * (1 - early))));
    }

    /**
     * Whether a check tells nothing of the node. An answer does unless it is an old one by now. Silence doesn't when this
     * process had too little of the time to hear an answer: the loop stood still for more than half of the timeout, or the
     * timeout itself came that much too late.
     */
    private boolean tellsNothing(ProbeOutcome outcome, CheckTarget target, Duration startedAt, Duration endedAt) {
        Duration timeout = target.check().timeout();
        Duration took = endedAt.minus(startedAt);
        if (!outcome.isPathInDoubt()) {
            return took.compareTo(target.check().interval().plus(timeout)) > 0;
        }
        Duration tolerated = timeout.dividedBy(2);
        return standstills.since(startedAt).compareTo(tolerated) > 0
                || took.minus(timeout).compareTo(tolerated) > 0;
    }

    private void noticeStandstill(Duration now) {
        Duration gap = standstills.observe(now);
        if (gap.compareTo(PULSE.multipliedBy(10)) > 0) {
            log.warn("this process stood still for {} ms; checks under way meanwhile don't count", gap.toMillis());
        }
    }

    private Duration now() {
        return Duration.ofNanos(nanoClock.getAsLong() - startNanos);
    }

    /** What the loop keeps of one target. */
    private static final class Slot {

        CheckTarget target;
        final List<MonoSink<ProbeResult>> waiting = new ArrayList<>();
        boolean inFlight;
        Duration due = Duration.ZERO;

        @Nullable
        Duration extraCheckAt;

        @Nullable
        Disposable timer;

        Slot(CheckTarget target) {
            this.target = target;
        }

        void cancelTimer() {
            if (timer != null) {
                timer.dispose();
                timer = null;
            }
        }
    }
}
