package dev.holdfast.failover.promotion;

import static dev.holdfast.model.replication.FailoverPhase.BLOCKED;
import static dev.holdfast.model.replication.FailoverPhase.FENCING;
import static dev.holdfast.model.replication.FailoverPhase.PROMOTING;
import static dev.holdfast.model.replication.FailoverPhase.RECOVERING;
import static dev.holdfast.model.replication.FailoverPhase.REPOINTING;
import static dev.holdfast.model.replication.FailoverPhase.STEADY;
import static dev.holdfast.model.replication.FailoverPhase.SUSPECTED;
import static dev.holdfast.model.replication.FailoverPhase.VERIFYING;

import dev.holdfast.model.replication.FailoverPhase;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Every edge from phase to phase. Of those that leave a phase, the first whose guard holds is taken. */
final class FailoverEdges {

    static final FailoverEdges TABLE = new FailoverEdges(List.of(
            edge(
                    STEADY,
                    FailoverGuard.SWITCHOVER_ASKED,
                    FENCING,
                    FailoverWork.BEGIN,
                    "the primary is asked to stop; it can be cancelled until a node is promoted"),
            edge(
                    STEADY,
                    FailoverGuard.FAILOVER_ASKED,
                    FENCING,
                    FailoverWork.BEGIN,
                    "an operator knows better than the observers"),
            edge(STEADY, FailoverGuard.PRIMARY_SUSPECT, SUSPECTED, FailoverWork.NOTHING, "it may have to be replaced"),
            edge(
                    SUSPECTED,
                    FailoverGuard.FAILOVER_ASKED,
                    FENCING,
                    FailoverWork.BEGIN,
                    "an operator knows better than the observers"),
            edge(SUSPECTED, FailoverGuard.WELL_AND_NOTHING_BEGUN, STEADY, FailoverWork.NOTHING, "it was nothing"),
            edge(SUSPECTED, FailoverGuard.WELL, REPOINTING, FailoverWork.CONFIRM, "what was begun before goes on"),
            edge(
                    SUSPECTED,
                    FailoverGuard.MAY_BEGIN,
                    FENCING,
                    FailoverWork.BEGIN,
                    "an order of the new epoch makes older ones void"),
            edge(SUSPECTED, FailoverGuard.REFUSED, BLOCKED, FailoverWork.NOTHING, "nothing is done without proof"),
            edge(BLOCKED, FailoverGuard.FAILOVER_ASKED, FENCING, FailoverWork.BEGIN, "an operator decides"),
            edge(BLOCKED, FailoverGuard.WELL, REPOINTING, FailoverWork.CONFIRM, "the primary is back"),
            edge(BLOCKED, FailoverGuard.MAY_BEGIN, FENCING, FailoverWork.BEGIN, "the reason is gone"),
            edge(
                    FENCING,
                    FailoverGuard.CANCEL_ASKED,
                    REPOINTING,
                    FailoverWork.GIVE_UP,
                    "nothing has been promoted, so nothing has to be undone but the fence"),
            edge(
                    FENCING,
                    FailoverGuard.DESIGNATED_IS_PRIMARY,
                    REPOINTING,
                    FailoverWork.CONFIRM,
                    "the promotion took long, and came"),
            edge(
                    FENCING,
                    FailoverGuard.CANDIDATE_PROVEN,
                    PROMOTING,
                    FailoverWork.DESIGNATE,
                    "promoting it loses nothing"),
            edge(
                    FENCING,
                    FailoverGuard.CANDIDATE_FORCED,
                    PROMOTING,
                    FailoverWork.DESIGNATE,
                    "the operator's reason is kept"),
            edge(
                    FENCING,
                    FailoverGuard.FENCING_TIME_UP_CONFIRMED,
                    REPOINTING,
                    FailoverWork.GIVE_UP,
                    "without proof nothing is promoted, and the old primary may go on"),
            edge(
                    FENCING,
                    FailoverGuard.FENCING_TIME_UP_UNCONFIRMED,
                    BLOCKED,
                    FailoverWork.GIVE_UP,
                    "only nodes that don't answer can tell which writes were acknowledged"),
            edge(
                    PROMOTING,
                    FailoverGuard.PROMOTED,
                    REPOINTING,
                    FailoverWork.CONFIRM,
                    "there is a primary of this epoch"),
            edge(
                    PROMOTING,
                    FailoverGuard.PROMOTING_TIME_UP,
                    FENCING,
                    FailoverWork.TRY_AGAIN,
                    "the candidate hangs or died; it is fenced like any primary"),
            edge(REPOINTING, FailoverGuard.PRIMARY_SUSPECT, SUSPECTED, FailoverWork.NOTHING, "it may be lost again"),
            edge(
                    REPOINTING,
                    FailoverGuard.FOLLOWED_BY_ENOUGH,
                    VERIFYING,
                    FailoverWork.NOTHING,
                    "writes can be acknowledged"),
            edge(VERIFYING, FailoverGuard.PRIMARY_SUSPECT, SUSPECTED, FailoverWork.NOTHING, "it may be lost again"),
            edge(VERIFYING, FailoverGuard.VERIFIED, RECOVERING, FailoverWork.NOTHING, "it works"),
            edge(
                    VERIFYING,
                    FailoverGuard.VERIFYING_TIME_UP,
                    BLOCKED,
                    FailoverWork.NOTHING,
                    "an operator should look; it is tried again"),
            edge(RECOVERING, FailoverGuard.PRIMARY_SUSPECT, SUSPECTED, FailoverWork.NOTHING, "it may be lost again"),
            edge(RECOVERING, FailoverGuard.WHOLE, STEADY, FailoverWork.FINISH, "the next failure can be survived"),
            edge(
                    RECOVERING,
                    FailoverGuard.RECOVERING_TIME_UP,
                    STEADY,
                    FailoverWork.FINISH,
                    "service is back; the rest goes on")));

    private final List<FailoverEdge> edges;

    FailoverEdges(List<FailoverEdge> edges) {
        this.edges = List.copyOf(edges);
        Set<List<Object>> seen = new HashSet<>();
        for (FailoverEdge edge : edges) {
            if (edge.from() == edge.to()) {
                throw new IllegalArgumentException("leads nowhere: " + edge);
            }
            if (!seen.add(List.of(edge.from(), edge.guard()))) {
                throw new IllegalArgumentException("there are two edges for one condition: " + edge);
            }
        }
    }

    List<FailoverEdge> edges() {
        return edges;
    }

    private static FailoverEdge edge(
            FailoverPhase from, FailoverGuard guard, FailoverPhase to, FailoverWork work, String reason) {
        return new FailoverEdge(from, guard, to, work, reason);
    }
}
