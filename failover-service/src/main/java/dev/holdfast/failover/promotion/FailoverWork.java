package dev.holdfast.failover.promotion;

import dev.holdfast.failover.promotion.OperatorRequest.Failover;
import dev.holdfast.failover.promotion.OperatorRequest.Switchover;
import dev.holdfast.model.replication.Handover;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.replication.Position;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.replication.Reign;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What an edge changes in the record besides the phase. */
enum FailoverWork {
    NOTHING("", situation -> situation),
    BEGIN("raises the epoch", FailoverWork::begun),
    TRY_AGAIN("raises the epoch", FailoverWork::triedAgain),
    DESIGNATE("designates the candidate; claim and settings pass to it", FailoverWork::designated),
    CONFIRM("records the primary's timeline", FailoverWork::confirmed),
    GIVE_UP("has the next try wait", FailoverWork::givenUp),
    FINISH("closes the operation", FailoverWork::finished);

    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // Each is a function of its argument alone.
    private final UnaryOperator<Situation> change;

    FailoverWork(String description, UnaryOperator<Situation> change) {
        this.description = description;
        this.change = change;
    }

    String description() {
        return description;
    }

    PrimaryRecord done(Situation situation) {
        return change.apply(situation).record();
    }

    private static Situation begun(Situation situation) {
        PrimaryRecord record = situation.record();
        Handover handover = situation
                .snapshot()
                .request()
                .map(request -> asked(situation, request))
                .orElseGet(() -> byItself(situation));
        return situation.with(nextEpoch(record).with(Optional.of(handover)));
    }

    private static Handover asked(Situation situation, OperatorRequest request) {
        return switch (request) {
            case Failover failover ->
                new Handover(
                        Handover.Kind.MANUAL_FAILOVER,
                        situation.primary(),
                        situation.snapshot().now(),
                        cause(failover.operator(), failover.reason()),
                        failover.target(),
                        failover.allowDataLoss() ? Optional.of(failover.reason()) : Optional.empty(),
                        Optional.empty());
            case Switchover switchover ->
                new Handover(
                        Handover.Kind.SWITCHOVER,
                        situation.primary(),
                        situation.snapshot().now(),
                        cause(switchover.operator(), switchover.reason()),
                        switchover.target(),
                        Optional.empty(),
                        Optional.empty());
            case OperatorRequest.Cancel ignored -> byItself(situation);
            case OperatorRequest.AcknowledgeFlapping ignored -> byItself(situation);
        };
    }

    private static String cause(String operator, String reason) {
        return operator + " asked" + (reason.isBlank() ? "" : ": " + reason);
    }

    private static Handover byItself(Situation situation) {
        return new Handover(
                Handover.Kind.AUTOMATIC_FAILOVER,
                situation.primary(),
                situation.snapshot().now(),
                situation.isPrimaryCrashed()
                        ? "PostgreSQL has exited on " + situation.primary()
                        : "the observers hold " + situation.primary() + " "
                                + situation.snapshot().verdict(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static Situation triedAgain(Situation situation) {
        PrimaryRecord record = situation.record();
        return situation.with(nextEpoch(record)
                .with(record.handover()
                        .map(handover -> handover.tried(record.reign().primary()))));
    }

    private static PrimaryRecord nextEpoch(PrimaryRecord record) {
        return record.at(
                new OrderNumber(record.number().epoch() + 1, record.number().step()));
    }

    private static Situation designated(Situation situation) {
        Candidates candidates = new Candidates(situation);
        Optional<NodeId> proven = candidates.proven();
        NodeId candidate = proven.or(candidates::unproven).orElseThrow();
        PrimaryRecord record = situation.record();
        Reign reign = record.reign();
        Synchronous settings;
        Synchronous claim;
        if (situation.isAsync()) {
            settings = Synchronous.NONE;
            claim = Synchronous.NONE;
        } else if (proven.isPresent()) {
            settings = candidate.equals(reign.primary())
                    ? reign.claimed()
                    : reign.claimed().exchanged(reign.primary(), candidate);
            claim = settings;
        } else {
            Set<NodeId> others = new HashSet<>();
            situation.snapshot().members().forEach(member -> others.add(member.id()));
            others.remove(candidate);
            settings = new Synchronous(Math.min(1, others.size()), others);
            // Nobody knows who holds what is left, until enough standbys have caught up with the promoted node.
            claim = Synchronous.NONE;
        }
        Position from = situation.newest(candidate).orElseThrow().position();
        return situation.with(record.withFailovers(failovers(situation))
                .with(reign.designated(
                        candidate, from, settings, claim, record.number().step() + 1)));
    }

    /** Counts this one when it went by itself; another candidate for the same failover is not another failover. */
    private static List<Instant> failovers(Situation situation) {
        PrimaryRecord record = situation.record();
        Instant now = situation.snapshot().now();
        List<Instant> failovers = new ArrayList<>(record.failovers());
        failovers.removeIf(
                at -> !at.plus(situation.policy().flapping().window()).isAfter(now));
        boolean byItself = record.handover()
                .filter(handover -> handover.kind() == Handover.Kind.AUTOMATIC_FAILOVER)
                .isPresent();
        if (byItself && record.reign().confirmed()) {
            failovers.add(now);
        }
        return failovers;
    }

    private static Situation confirmed(Situation situation) {
        if (situation.reign().confirmed()) {
            return situation;
        }
        AgentReport report = situation.freshOfEpoch(situation.primary()).orElseThrow();
        PrimaryRecord record = situation.record();
        return situation.with(record.with(situation.reign().confirmed(report.position(), report.forkedAt()))
                .withDoubtful(doubtful(situation, report.position().timeline())));
    }

    /**
     * A promoted node takes the next number that it knows of. When an earlier primary may have taken the same, only nodes
     * that have shown in this epoch to have nothing of that number are above doubt: the others can't be told apart from true
     * followers, neither by PostgreSQL nor by pg_rewind.
     */
    private static Set<NodeId> doubtful(Situation situation, int timeline) {
        Set<NodeId> next = new HashSet<>(situation.record().doubtful());
        next.remove(situation.primary());
        if (timeline <= situation.reign().openedBefore() && situation.rules().doubts()) {
            for (NodeId node : situation.others()) {
                boolean isFree = situation
                        .newest(node)
                        .filter(situation::isDetached)
                        .filter(report -> report.position().timeline() < timeline)
                        .isPresent();
                if (!isFree) {
                    next.add(node);
                }
            }
        }
        return next;
    }

    private static Situation givenUp(Situation situation) {
        return situation.with(situation
                .record()
                .withNotBefore(situation
                        .snapshot()
                        .now()
                        .plus(situation.policy().timing().fence())));
    }

    private static Situation finished(Situation situation) {
        return situation.with(situation.record().with(Optional.<Handover>empty()));
    }
}
