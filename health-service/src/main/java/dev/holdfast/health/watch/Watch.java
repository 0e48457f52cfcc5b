package dev.holdfast.health.watch;

import dev.holdfast.health.isolation.Isolation;
import dev.holdfast.health.isolation.IsolationDecider;
import dev.holdfast.health.isolation.IsolationSettings;
import dev.holdfast.health.isolation.IsolationSnapshot;
import dev.holdfast.health.isolation.Sight;
import dev.holdfast.health.opinion.OpinionRule;
import dev.holdfast.health.opinion.Sighting;
import dev.holdfast.health.opinion.Standing;
import dev.holdfast.health.opinion.Standing.Run;
import dev.holdfast.health.probe.CheckListener;
import dev.holdfast.health.probe.CheckTarget;
import dev.holdfast.model.health.NodeOpinion;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.health.Opinion;
import dev.holdfast.model.health.ProbeResult;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this observer holds of every node it checks, and whether it trusts its own eyes.
 *
 * <p>Changed on the check loop's thread alone; what {@link #held}, {@link #lastProbe}, {@link #standing} and {@link #isolation}
 * return may be read on any. An opinion that falls for reasons that may be the path's fault waits until it is clear that this
 * observer isn't cut off; while it is, such failures count for nothing.
 */
public final class Watch implements CheckListener {

    private static final Logger log = LoggerFactory.getLogger(Watch.class);

    /**
     * How long an opinion that is due may wait for the checks of other nodes; twice the default timeout of those checks.
     * They were asked for one failure earlier, so it waits only when they take longer than its own next check.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** How many nodes are checked at once to tell whether this observer is cut off. */
    private static final int LOOK_AROUND_LIMIT = 200;

    private final ObserverId self;
    private final IsolationSettings settings;
    private final InstantSource clock;
    private final OpinionListener listener;
    private final Map<NodeId, Watched> watched = new ConcurrentHashMap<>();
    private final Map<NodeId, HeldOpinion> restored = new ConcurrentHashMap<>();
    private final Set<NodeId> waiting = new HashSet<>();
    private volatile IsolationStatus isolation;
    private Duration isolatedAt = Duration.ZERO;
    private Duration rejoinedAt = Duration.ZERO;
    private boolean sawSuccess;

    public Watch(
            ObserverId self,
            IsolationSettings settings,
            InstantSource clock,
            OpinionListener listener,
            FormerLife former) {
        this.self = self;
        this.settings = settings;
        this.clock = clock;
        this.listener = listener;
        former.opinions().forEach(opinion -> restored.put(opinion.node(), opinion));
        this.isolation = new IsolationStatus(former.isolated(), 0, 0, clock.instant());
    }

    @Override
    public void following(Map<NodeId, CheckTarget> targets) {
        watched.entrySet().removeIf(known -> {
            CheckTarget target = targets.get(known.getKey());
            return target == null || !target.address().equals(known.getValue().address);
        });
        for (CheckTarget target : targets.values()) {
            watched.computeIfAbsent(target.node(), node -> begin(target));
        }
        // What an earlier life knew counts for the nodes found at start, not for one declared anew later.
        restored.clear();
    }

    /** What this observer holds of the node; empty when it has no opinion or doesn't know the node. */
    public Optional<HeldOpinion> held(NodeId node) {
        return Optional.ofNullable(watched.get(node)).flatMap(known -> known.held);
    }

    /** Everything that this observer holds. */
    public Collection<HeldOpinion> allHeld() {
        return watched.values().stream().flatMap(known -> known.held.stream()).toList();
    }

    public long count(Opinion opinion) {
        return watched.values().stream()
                .filter(known -> known.held.filter(held -> held.is(opinion)).isPresent())
                .count();
    }

    /** The newest check of the node that counted. */
    public Optional<ProbeResult> lastProbe(NodeId node) {
        return Optional.ofNullable(watched.get(node)).flatMap(known -> known.lastProbe);
    }

    public Optional<Standing> standing(NodeId node) {
        return Optional.ofNullable(watched.get(node)).map(known -> known.standing);
    }

    public IsolationStatus isolation() {
        return isolation;
    }

    @Override
    public Duration checked(CheckTarget target, Sighting sighting, ProbeResult result) {
        Watched known = watched.get(target.node());
        HealthCheck check = target.check();
        if (known == null) {
            return check.interval();
        }
        known.standing = isPathsFault(known, sighting)
                ? known.standing.afterDiscounted(sighting)
                : OpinionRule.after(known.standing, sighting, check);
        known.check = check;
        known.checkedAt = Optional.of(sighting.startedAt());
        known.lastProbe = Optional.of(result);
        sawSuccess |= result.outcome().isSuccess();
        consider(target.node(), known, sighting.endedAt());
        return OpinionRule.pause(known.standing, check);
    }

    @Override
    public void ticked(Duration now) {
        if (isolation.isolated()) {
            rejoinIfConnected(now);
        }
        for (NodeId node : List.copyOf(waiting)) {
            Watched known = watched.get(node);
            if (known == null) {
                waiting.remove(node);
            } else {
                consider(node, known, now);
            }
        }
    }

    private boolean isPathsFault(Watched known, Sighting sighting) {
        boolean whileIsolated = isolation.isolated() || sighting.startedAt().compareTo(rejoinedAt) < 0;
        return whileIsolated && sighting.outcome().isPathInDoubt() && known.standing.holds(Opinion.UP);
    }

    private Watched begin(CheckTarget target) {
        Watched known = new Watched(target.address());
        HeldOpinion former = restored.get(target.node());
        if (former != null && former.address().equals(target.address())) {
            known.standing = Standing.restored(former.opinion().opinion());
            known.held = Optional.of(former);
        }
        return known;
    }

    /** Turns the opinion if the checks say so and this observer trusts them. */
    private void consider(NodeId node, Watched known, Duration now) {
        Optional<Opinion> due = OpinionRule.due(known.standing, known.check);
        boolean doubtful = known.standing.holds(Opinion.UP) && known.standing.isFailingInDoubt();
        if (doubtful && isolation.isolated()) {
            return;
        }
        if (doubtful && isNearFall(known) && !trusts(known, now)) {
            if (!isolation.isolated()) {
                waiting.add(node);
                known.waitingSince = due.isPresent() ? known.waitingSince.or(() -> Optional.of(now)) : Optional.empty();
            }
            return;
        }
        waiting.remove(node);
        known.waitingSince = Optional.empty();
        if (due.isPresent()) {
            turn(node, known, due.get(), now);
        }
    }

    /** One failure short of DOWN it is time to look around, so that the answer is there when it is needed. */
    private static boolean isNearFall(Watched known) {
        return known.standing
                .run()
                .filter(run -> run.length() >= known.check.fall() - 1)
                .isPresent();
    }

    private void turn(NodeId node, Watched known, Opinion opinion, Duration now) {
        ProbeResult evidence = known.lastProbe.orElseThrow();
        boolean fell = known.standing.holds(Opinion.UP) && known.standing.isFailingInDoubt();
        known.fellAt = fell ? Optional.of(now) : Optional.empty();
        known.standing = known.standing.holding(opinion);
        NodeOpinion turned = new NodeOpinion(self, node, opinion, clock.instant(), evidence);
        known.held = Optional.of(new HeldOpinion(turned, known.address));
        listener.opinionChanged(node);
    }

    private boolean trusts(Watched candidate, Duration now) {
        Duration doubtSince = candidate.standing.run().map(Run::since).orElse(now);
        boolean patient = candidate
                .waitingSince
                .filter(since -> now.minus(since).compareTo(PATIENCE) > 0)
                .isEmpty();
        Isolation decided = IsolationDecider.decide(
                new IsolationSnapshot(now, false, doubtSince, patient, sights(now, true), settings));
        return switch (decided) {
            case Isolation.Connected _ -> true;
            case Isolation.InDoubt inDoubt -> {
                listener.lookAround(
                        inDoubt.lookAt().stream().limit(LOOK_AROUND_LIMIT).collect(Collectors.toUnmodifiableSet()));
                yield false;
            }
            case Isolation.CutOff cutOff -> {
                becomeIsolated(cutOff, now);
                yield false;
            }
        };
    }

    private void becomeIsolated(Isolation.CutOff cutOff, Duration now) {
        isolatedAt = now;
        sawSuccess = false;
        waiting.clear();
        for (Watched known : watched.values()) {
            known.waitingSince = Optional.empty();
            if (known.standing.holds(Opinion.UP)) {
                known.standing = known.standing.heldBack();
            }
        }
        changeIsolation(true, cutOff.failing(), cutOff.held());
        log.warn(
                "{} of {} nodes held UP began to fail at once: this observer is likely cut off and holds its opinions",
                cutOff.failing(),
                cutOff.held());
    }

    private void rejoinIfConnected(Duration now) {
        Isolation decided = IsolationDecider.decide(
                new IsolationSnapshot(now, true, isolatedAt, false, sights(now, false), settings));
        if (decided instanceof Isolation.Connected connected) {
            rejoinedAt = now;
            forgetTheCut(now);
            changeIsolation(false, connected.failing(), connected.held());
            log.info("{} of {} nodes held UP fail: this observer votes again", connected.failing(), connected.held());
        } else if (sawSuccess) {
            listener.lookAgain(failingNodes());
        }
        sawSuccess = false;
    }

    /** What failed all along and still does has failed by itself: it is no sign of a new cut. */
    private void forgetTheCut(Duration now) {
        watched.forEach((node, known) -> {
            if (known.standing.holds(Opinion.UP)
                    && !known.seenAs(node, settings.window()).failsLastingly(now)) {
                known.standing = known.standing.rejoinedAt(now);
            }
        });
    }

    private void changeIsolation(boolean isolated, int failing, int held) {
        isolation = new IsolationStatus(isolated, failing, held, clock.instant());
        listener.isolationChanged();
    }

    private Set<NodeId> failingNodes() {
        return watched.entrySet().stream()
                .filter(known -> known.getValue().standing.isFailingInDoubt())
                .map(Map.Entry::getKey)
                .limit(LOOK_AROUND_LIMIT)
                .collect(Collectors.toUnmodifiableSet());
    }

    private List<Sight> sights(Duration now, boolean fallenToo) {
        return watched.entrySet().stream()
                .filter(known -> known.getValue().standing.holds(Opinion.UP)
                        || (fallenToo && known.getValue().fellWithin(settings.window(), now)))
                .map(known -> known.getValue().seenAs(known.getKey(), settings.window()))
                .toList();
    }

    /** What is known of one node at one address. Written on the loop's thread only. */
    private static final class Watched {

        final Endpoint address;
        volatile Standing standing = Standing.NEW;
        volatile Optional<HeldOpinion> held = Optional.empty();
        volatile Optional<ProbeResult> lastProbe = Optional.empty();
        HealthCheck check = HealthCheck.DEFAULT;
        Optional<Duration> checkedAt = Optional.empty();
        Optional<Duration> fellAt = Optional.empty();
        Optional<Duration> waitingSince = Optional.empty();

        Watched(Endpoint address) {
            this.address = address;
        }

        boolean fellWithin(Duration window, Duration now) {
            return fellAt.filter(at -> now.minus(at).compareTo(window) <= 0).isPresent();
        }

        Sight seenAs(NodeId node, Duration window) {
            Optional<Duration> since = standing.run().map(Run::since);
            boolean inDoubt = standing.isFailingInDoubt();
            Duration toFall = check.interval().multipliedBy(check.fall()).plus(check.timeout());
            return new Sight(
                    node,
                    inDoubt ? since : Optional.empty(),
                    inDoubt ? Optional.empty() : since,
                    checkedAt,
                    toFall.compareTo(window) > 0 ? toFall : window);
        }
    }
}
