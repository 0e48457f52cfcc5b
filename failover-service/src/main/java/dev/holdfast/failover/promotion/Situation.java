package dev.holdfast.failover.promotion;

import dev.holdfast.failover.promotion.AgentReport.Postgres;
import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.replication.FailoverPolicy;
import dev.holdfast.model.replication.FailoverPolicy.Durability;
import dev.holdfast.model.replication.FailoverPolicy.OnCrash;
import dev.holdfast.model.replication.Handover;
import dev.holdfast.model.replication.Position;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.replication.Refusal;
import dev.holdfast.model.replication.Reign;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The questions that guards, work and orders ask of the facts. */
record Situation(FailoverSnapshot snapshot, Rules rules) {

    PrimaryRecord record() {
        return snapshot.record();
    }

    Reign reign() {
        return record().reign();
    }

    NodeId primary() {
        return reign().primary();
    }

    FailoverPolicy policy() {
        return snapshot.policy();
    }

    boolean isAsync() {
        return policy().durability() == Durability.ASYNC;
    }

    Situation with(PrimaryRecord next) {
        return new Situation(snapshot.with(next), rules);
    }

    Situation withoutRequest() {
        return new Situation(snapshot.withoutRequest(), rules);
    }

    Optional<Member> member(NodeId node) {
        return snapshot.members().stream()
                .filter(member -> member.id().equals(node))
                .findFirst();
    }

    List<NodeId> others() {
        return snapshot.members().stream()
                .map(Member::id)
                .filter(node -> !node.equals(primary()))
                .toList();
    }

    Optional<AgentReport> newest(NodeId node) {
        return Optional.ofNullable(snapshot.reports().get(node));
    }

    /** A report young enough to tell what is. */
    Optional<AgentReport> fresh(NodeId node) {
        return newest(node)
                .filter(report -> report.age().compareTo(policy().timing().freshness()) <= 0);
    }

    /** What the node says now, having taken up this epoch. */
    Optional<AgentReport> freshOfEpoch(NodeId node) {
        return fresh(node).filter(this::isOfEpoch);
    }

    boolean isOfEpoch(AgentReport report) {
        return report.accepted().epoch() == record().number().epoch();
    }

    boolean hasLasted(Duration limit) {
        return !snapshot.now().isBefore(record().since().plus(limit));
    }

    /** Certain knowledge of the agent. A fenced primary was stopped by order, and is resumed instead. */
    boolean isPrimaryCrashed() {
        return fresh(primary())
                .filter(report -> report.isDown() && report.postgres() != Postgres.FENCED)
                .isPresent();
    }

    boolean isPrimarySuspect() {
        return snapshot.verdict() == HealthStatus.UNHEALTHY
                || (policy().onCrash() == OnCrash.FAIL_OVER && isPrimaryCrashed());
    }

    boolean isPrimaryWell() {
        return snapshot.verdict() == HealthStatus.HEALTHY
                && fresh(primary()).filter(AgentReport::isPrimary).isPresent();
    }

    boolean isPrimaryOfEpoch() {
        return freshOfEpoch(primary()).filter(AgentReport::isPrimary).isPresent();
    }

    boolean follows(NodeId node) {
        return freshOfEpoch(node)
                .filter(report -> report.isConsistentStandby()
                        && report.upstream().filter(primary()::equals).isPresent())
                .isPresent();
    }

    boolean isFollowedByEnough() {
        return reign().wanted().standbys().stream().filter(this::follows).count()
                >= reign().wanted().required();
    }

    boolean isWhole() {
        return isPrimaryOfEpoch()
                && reign().claimed().equals(reign().wanted())
                && others().stream()
                        .allMatch(node -> fresh(node).isEmpty()
                                || (follows(node) && !record().doubtful().contains(node)));
    }

    boolean isOperationRunning() {
        return switch (record().phase()) {
            case STEADY, SUSPECTED, BLOCKED -> false;
            case FENCING, PROMOTING, REPOINTING, VERIFYING, RECOVERING -> true;
        };
    }

    boolean isSwitchover() {
        return record().handover()
                .filter(handover -> handover.kind() == Handover.Kind.SWITCHOVER)
                .isPresent();
    }

    /** For the one operation that an operator allowed it, and while that looks for a candidate. */
    boolean mayLoseData() {
        return record().phase() == FailoverPhase.FENCING
                && record().handover().flatMap(Handover::allowDataLoss).isPresent();
    }

    boolean verification(boolean passed) {
        return snapshot.verification()
                .filter(found -> found.epoch() == record().number().epoch() && found.passed() == passed)
                .isPresent();
    }

    /** The standbys that answer now and would be detached. */
    List<NodeId> ready() {
        Set<NodeId> counted = counted();
        return others().stream()
                .filter(counted::contains)
                .filter(node -> !record().doubtful().contains(node))
                .filter(node ->
                        fresh(node).filter(AgentReport::isConsistentStandby).isPresent())
                .toList();
    }

    /** The standbys whose word counts: those that every acknowledgement needs some of. In async, all. */
    Set<NodeId> counted() {
        return isAsync() || mayLoseData()
                ? Set.copyOf(others())
                : reign().claimed().standbys();
    }

    /** Why a failover does not begin by itself; empty when it may. */
    Optional<Refusal> refusalToBegin() {
        Instant now = snapshot.now();
        if (snapshot.paused()) {
            return refusal(Refusal.Code.PAUSED, "automatic failover is paused");
        }
        if (reign().confirmed() && snapshot.verdict() != HealthStatus.UNHEALTHY && !isPrimaryCrashed()) {
            return refusal(
                    Refusal.Code.VERDICT_UNKNOWN,
                    "no quorum of observers holds " + primary() + " UNHEALTHY; the verdict is " + snapshot.verdict());
        }
        if (now.isBefore(record().notBefore())) {
            return refusal(Refusal.Code.GIVEN_UP_RECENTLY, "the last try was given up; the next begins later");
        }
        FailoverPolicy.Flapping flapping = policy().flapping();
        long recent = record().failovers().stream()
                .filter(at -> at.plus(flapping.window()).isAfter(now))
                .count();
        if (reign().confirmed() && recent >= flapping.limit()) {
            return refusal(
                    Refusal.Code.FLAPPING,
                    recent + " automatic failovers within " + flapping.window()
                            + "; an operator has to acknowledge them before the next");
        }
        return refusalOfStandbys();
    }

    /** Why the standbys that answer can't carry a failover. */
    Optional<Refusal> refusalOfStandbys() {
        if (!reign().confirmed()
                && fresh(primary()).filter(AgentReport::canBeDetached).isPresent()) {
            return Optional.empty();
        }
        List<NodeId> ready = ready();
        int needed = isAsync() || mayLoseData() ? 1 : rules.toDetach(reign().claimed());
        if (!isAsync() && !mayLoseData() && reign().claimed().claimsNothing()) {
            return refusal(
                    Refusal.Code.TOO_FEW_STANDBYS,
                    "it isn't proven yet that any standby holds every acknowledged write");
        }
        if (ready.size() < needed) {
            return refusal(
                    Refusal.Code.TOO_FEW_STANDBYS,
                    "with " + reign().claimed() + " in force, " + needed
                            + " of these standbys have to be detached, and " + ready.size() + " can be: " + ready);
        }
        if (ready.stream().noneMatch(this::isEligible)) {
            return refusal(Refusal.Code.NO_CANDIDATE, "every standby that answers is tagged nofailover: " + ready);
        }
        return Optional.empty();
    }

    boolean isEligible(NodeId node) {
        Optional<NodeId> target = record().handover().flatMap(Handover::target);
        return member(node).filter(member -> !member.nofailover()).isPresent()
                && target.map(node::equals).orElse(true);
    }

    /** The standbys that are proven to receive nothing more, of those whose word counts. */
    Map<NodeId, Position> detached() {
        Map<NodeId, Position> proven = new HashMap<>();
        for (NodeId node : counted()) {
            if (!node.equals(primary()) && !record().doubtful().contains(node)) {
                newest(node).filter(this::isDetached).ifPresent(report -> proven.put(node, report.position()));
            }
        }
        return proven;
    }

    boolean isDetached(AgentReport report) {
        return isOfEpoch(report) && report.isConsistentStandby() && report.detached();
    }

    /**
     * Where the designated primary provably ended: it holds every acknowledged write, and can't acknowledge another. Either
     * it was stopped cleanly, or it was designated and never became primary.
     */
    Optional<Position> endOfPrimary() {
        return newest(primary())
                .filter(this::isOfEpoch)
                .filter(report -> (!reign().confirmed() && isDetached(report))
                        || (report.postgres() == Postgres.FENCED && report.stoppedCleanly()))
                .map(AgentReport::position);
    }

    /** Async: the old primary can't acknowledge any more, for its lease has run out. */
    boolean isLeaseOver() {
        return reign().leaseUntil()
                .map(until ->
                        !snapshot.now().isBefore(until.plus(policy().timing().leaseMargin())))
                .orElse(true);
    }

    private static Optional<Refusal> refusal(Refusal.Code code, String reason) {
        return Optional.of(new Refusal(code, Objects.requireNonNull(reason)));
    }
}
