package dev.holdfast.failover.promotion;

import java.util.Optional;
import java.util.function.Predicate;

/** The conditions on which an edge is taken. */
enum FailoverGuard {
    SWITCHOVER_ASKED(
            "an operator asks for a switchover that is possible",
            situation -> request(situation) instanceof OperatorRequest.Switchover),
    FAILOVER_ASKED(
            "an operator asks for a failover that is possible",
            situation -> request(situation) instanceof OperatorRequest.Failover),
    CANCEL_ASKED("an operator cancels it", situation -> request(situation) instanceof OperatorRequest.Cancel),
    PRIMARY_SUSPECT(
            "the observers hold the primary UNHEALTHY, or its agent knows that PostgreSQL has exited and the policy is to fail over",
            Situation::isPrimarySuspect),
    WELL_AND_NOTHING_BEGUN(
            "the primary is HEALTHY and takes writes, and no operation is unfinished",
            situation -> situation.isPrimaryWell()
                    && situation.reign().confirmed()
                    && situation.record().handover().isEmpty()),
    WELL(
            "the primary is HEALTHY and takes writes in this epoch",
            situation -> situation.isPrimaryWell() && (situation.reign().confirmed() || situation.isPrimaryOfEpoch())),
    MAY_BEGIN(
            "nothing speaks against a failover: not paused, verdict or certain knowledge, not flapping, enough standbys ready",
            situation -> situation.refusalToBegin().isEmpty()
                    && (situation.isPrimarySuspect() || !situation.reign().confirmed())),
    REFUSED(
            "something speaks against a failover, and has for as long as a report is fresh",
            situation -> situation.refusalToBegin().isPresent()
                    && situation.hasLasted(situation.policy().timing().freshness())),
    CANDIDATE_PROVEN(
            "no older primary can acknowledge another write, and a candidate provably holds every acknowledged one",
            situation -> new Candidates(situation).proven().isPresent()),
    CANDIDATE_FORCED(
            "time is up, and an operator allows the loss of data",
            situation -> situation.mayLoseData()
                    && situation.hasLasted(situation.policy().timing().fence())
                    && new Candidates(situation).unproven().isPresent()),
    DESIGNATED_IS_PRIMARY(
            "the designated primary turns out to be primary on its own",
            situation -> !situation.reign().confirmed() && situation.isPrimaryOfEpoch()),
    FENCING_TIME_UP_CONFIRMED(
            "time is up, and the old primary is still the only one there has been",
            situation -> situation.reign().confirmed()
                    && situation.hasLasted(situation.policy().timing().fence())),
    FENCING_TIME_UP_UNCONFIRMED(
            "time is up, and the designated primary has never been seen as primary",
            situation -> !situation.reign().confirmed()
                    && situation.hasLasted(situation.policy().timing().fence())),
    PROMOTED("the candidate is primary in this epoch", Situation::isPrimaryOfEpoch),
    PROMOTING_TIME_UP(
            "the candidate has not become primary in time",
            situation -> situation.hasLasted(situation.policy().timing().promote())),
    FOLLOWED_BY_ENOUGH(
            "the primary takes writes in this epoch, and k synchronous standbys follow it",
            situation -> situation.isPrimaryOfEpoch() && situation.isFollowedByEnough()),
    VERIFIED("a row was written through the primary and read back", situation -> situation.verification(true)),
    VERIFYING_TIME_UP(
            "no row could be written and read back in time",
            situation -> situation.hasLasted(situation.policy().timing().verify())),
    WHOLE("every node that answers follows, and the synchronous settings are claimed", Situation::isWhole),
    RECOVERING_TIME_UP(
            "the rest takes long and is left to the steady state",
            situation -> situation.hasLasted(situation.policy().timing().recover()));

    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // Each is a function of its argument alone.
    private final Predicate<Situation> condition;

    FailoverGuard(String description, Predicate<Situation> condition) {
        this.description = description;
        this.condition = condition;
    }

    String description() {
        return description;
    }

    boolean holds(Situation situation) {
        return condition.test(situation);
    }

    private static @org.jspecify.annotations.Nullable OperatorRequest request(Situation situation) {
        Optional<OperatorRequest> asked = situation.snapshot().request();
        return asked.filter(request -> Requests.refusal(situation, request).isEmpty())
                .orElse(null);
    }
}
