package dev.holdfast.failover.primary;

import dev.holdfast.failover.promotion.FailoverDecider;
import dev.holdfast.failover.promotion.FailoverDecision;
import dev.holdfast.failover.promotion.OperatorRequest;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.Refusal;
import dev.holdfast.model.replication.ScheduledSwitchover;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is to be done about a primary at one moment: what the decider says, and what becomes of a switchover that was asked
 * for at a time. Decided without doing anything.
 *
 * @param stored decided on
 * @param begun the scheduled switchover that the decision begins
 * @param dropped why the scheduled switchover is not to be begun any more
 */
record Keeping(
        ClusterPrimary stored,
        FailoverDecision decision,
        Optional<ScheduledSwitchover> begun,
        Optional<Refusal> dropped) {

    /** A standby that is away for a moment, or a failover that is about to end, doesn't undo what was planned. */
    static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Nobody expects a switchover any more that long after it was due. */
    static final Duration LATEST = Duration.ofMinutes(5);

    /** @param everybodyWasAsked whether each agent has answered or failed to, so that a missing report means something */
    static Keeping decide(
            FailoverDecider decider, ClusterPrimary stored, PrimaryFacts facts, boolean everybodyWasAsked) {
        FailoverDecision plain = decider.decide(facts.snapshot(stored));
        Optional<ScheduledSwitchover> due =
                stored.scheduled().filter(switchover -> !facts.now().isBefore(switchover.at()));
        if (due.isEmpty()) {
            return new Keeping(stored, plain, Optional.empty(), Optional.empty());
        }
        Optional<Refusal> lapsed = lapsed(stored, due.get(), facts.now());
        if (lapsed.isPresent()) {
            return new Keeping(stored, plain, Optional.empty(), lapsed);
        }
        FailoverDecision asked =
                decider.decide(facts.asking(request(stored, due.get())).snapshot(stored));
        Optional<Refusal> refused = paused(stored, facts).or(asked::refused);
        if (refused.isEmpty()) {
            return new Keeping(stored, asked, due, Optional.empty());
        }
        boolean isHopeless =
                everybodyWasAsked && !facts.now().isBefore(due.get().at().plus(PATIENCE));
        return new Keeping(stored, plain, Optional.empty(), refused.filter(ignored -> isHopeless));
    }

    private static OperatorRequest request(ClusterPrimary stored, ScheduledSwitchover due) {
        return new OperatorRequest.Switchover(stored.record().number().epoch(), due.by(), due.target(), due.reason());
    }

    private static Optional<Refusal> lapsed(ClusterPrimary stored, ScheduledSwitchover due, Instant now) {
        if (!stored.record().reign().primary().equals(due.from())) {
            return Optional.of(new Refusal(
                    Refusal.Code.STALE_EPOCH,
                    "it was to replace " + due.from() + ", and "
                            + stored.record().reign().primary() + " has become primary since"));
        }
        if (now.isAfter(due.at().plus(LATEST))) {
            return Optional.of(new Refusal(
                    Refusal.Code.TOO_LATE,
                    "it could not be begun within " + LATEST.toMinutes() + " min, and it is " + now + " now"));
        }
        return Optional.empty();
    }

    /** It would begin by itself, whoever asked for it. */
    private static Optional<Refusal> paused(ClusterPrimary stored, PrimaryFacts facts) {
        return facts.pause(stored)
                .map(pause -> new Refusal(
                        Refusal.Code.PAUSED, pause.by() + " has paused automatic failover: " + pause.reason()));
    }

    /** Whether there is something to store. */
    boolean changes() {
        return decision.changes() || dropped.isPresent();
    }
}
