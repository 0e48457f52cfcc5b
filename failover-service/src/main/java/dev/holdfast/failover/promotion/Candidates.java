package dev.holdfast.failover.promotion;

import dev.holdfast.model.replication.Handover;
import dev.holdfast.model.replication.Lsn;
import dev.holdfast.model.replication.Position;
import dev.holdfast.model.replication.Refusal;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RegionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses whom to promote. A candidate is proven by one of two proofs:
 *
 * <ul>
 *   <li>enough of the counted standbys are detached, and none of them has more of the log than the candidate;
 *   <li>the designated primary provably ended, and the candidate has the log up to that end.
 * </ul>
 */
record Candidates(Situation situation) {

    Optional<NodeId> proven() {
        return refusal().isPresent() ? Optional.empty() : best(sufficient());
    }

    /** The best of those detached, whatever the others may hold: only by an operator's word. */
    Optional<NodeId> unproven() {
        return best(standing().entrySet().stream()
                .filter(entry -> situation.reign().accepts(entry.getValue()))
                .map(Map.Entry::getKey)
                .filter(situation::isEligible)
                .toList());
    }

    /** Why nobody is proven yet. */
    Optional<Refusal> refusal() {
        if (!sufficient().isEmpty()) {
            return lagRefusal();
        }
        Map<NodeId, Position> detached = situation.detached();
        if (!isQuorumDetached(detached) && situation.endOfPrimary().isEmpty()) {
            if (situation.isAsync() && !situation.isLeaseOver()) {
                return refusal(Refusal.Code.LEASE_RUNS, "the lease of " + situation.primary() + " has not run out yet");
            }
            return refusal(
                    Refusal.Code.TOO_FEW_STANDBYS,
                    "with " + situation.reign().claimed() + " in force, "
                            + situation.rules().toDetach(situation.reign().claimed())
                            + " of these standbys have to be detached, and " + detached.keySet() + " are");
        }
        boolean forked = standing().values().stream()
                .anyMatch(position -> !situation.reign().accepts(position));
        if (forked) {
            return refusal(Refusal.Code.FORKED_TIMELINE, "a standby is not on the accepted history: " + standing());
        }
        return refusal(
                Refusal.Code.CANDIDATE_BEHIND,
                "no node that may be promoted holds every acknowledged write: " + standing());
    }

    private Optional<Refusal> lagRefusal() {
        if (!situation.isAsync() || situation.endOfPrimary().isPresent()) {
            return Optional.empty();
        }
        Optional<AgentReport> last = situation.newest(situation.primary());
        Optional<NodeId> best = best(sufficient());
        if (last.isEmpty() || best.isEmpty()) {
            return Optional.empty();
        }
        long lag = last.get().position().flushed().value()
                - position(best.get()).flushed().value();
        return lag <= situation.policy().maximumLagOnFailover()
                ? Optional.empty()
                : refusal(Refusal.Code.LAG_ABOVE_MAXIMUM, best.get() + " lacks " + lag + " bytes of the log");
    }

    private List<NodeId> sufficient() {
        Map<NodeId, Position> detached = situation.detached();
        List<NodeId> found = new ArrayList<>();
        Optional<Lsn> mostDetached = isQuorumDetached(detached) ? most(detached) : Optional.empty();
        Optional<Lsn> end = situation.endOfPrimary().map(Position::flushed);
        standing().forEach((node, position) -> {
            boolean holdsAll = mostDetached
                            .filter(most -> !position.flushed().isBefore(most))
                            .isPresent()
                    || end.filter(last -> !position.flushed().isBefore(last)).isPresent();
            if (holdsAll
                    && situation.isEligible(node)
                    && situation.fresh(node).isPresent()
                    && situation.reign().accepts(position)) {
                found.add(node);
            }
        });
        return found;
    }

    private boolean isQuorumDetached(Map<NodeId, Position> detached) {
        if (situation.isAsync()) {
            return situation.isLeaseOver() && !detached.isEmpty();
        }
        Synchronous claimed = situation.reign().claimed();
        long counted =
                detached.keySet().stream().filter(claimed.standbys()::contains).count();
        return !claimed.claimsNothing() && counted >= situation.rules().toDetach(claimed);
    }

    /** The end of the log among the detached; a forked one counts up to its fork only where that is known. */
    private Optional<Lsn> most(Map<NodeId, Position> detached) {
        return detached.values().stream()
                .map(position -> situation.reign().sharedUpTo(position))
                .max(Comparator.naturalOrder());
    }

    /** The detached, and a designated primary that never became one. */
    private Map<NodeId, Position> standing() {
        Map<NodeId, Position> standing = new java.util.TreeMap<>(situation.detached());
        situation
                .newest(situation.primary())
                .filter(report -> !situation.reign().confirmed() && situation.isDetached(report))
                .ifPresent(report -> standing.put(situation.primary(), report.position()));
        return standing;
    }

    private Position position(NodeId node) {
        return situation.newest(node).orElseThrow().position();
    }

    private Optional<NodeId> best(List<NodeId> nodes) {
        Optional<Handover> handover = situation.record().handover();
        Optional<RegionId> home =
                handover.map(Handover::former).flatMap(situation::member).map(Member::region);
        Optional<NodeId> tried = handover.flatMap(Handover::lastTried);
        return nodes.stream()
                .flatMap(node -> situation.member(node).stream())
                .min(Comparator.comparing(
                                (Member member) -> position(member.id()).flushed())
                        .reversed()
                        .thenComparing(
                                member -> tried.filter(member.id()::equals).isPresent())
                        .thenComparing(Comparator.comparingInt(Member::priority).reversed())
                        .thenComparing(
                                member -> !home.filter(member.region()::equals).isPresent())
                        .thenComparing(Member::id))
                .map(Member::id);
    }

    /** A switchover's candidate while the primary stops: it has received everything and may be detached. */
    Optional<NodeId> caughtUpWith(Position end) {
        return best(situation.ready().stream()
                .filter(situation::isEligible)
                .filter(node -> !position(node).flushed().isBefore(end.flushed()))
                .toList());
    }

    private static Optional<Refusal> refusal(Refusal.Code code, String reason) {
        return Optional.of(new Refusal(code, reason));
    }
}
