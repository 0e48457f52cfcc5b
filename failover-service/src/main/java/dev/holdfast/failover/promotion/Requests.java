package dev.holdfast.failover.promotion;

import dev.holdfast.failover.promotion.OperatorRequest.AcknowledgeFlapping;
import dev.holdfast.failover.promotion.OperatorRequest.Cancel;
import dev.holdfast.failover.promotion.OperatorRequest.Failover;
import dev.holdfast.failover.promotion.OperatorRequest.Switchover;
import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.replication.Refusal;
import dev.holdfast.model.topology.NodeId;
import java.util.Optional;

/** Whether an operator's request can be followed. */
final class Requests {

    private Requests() {}

    static Optional<Refusal> refusal(Situation situation, OperatorRequest request) {
        long epoch = situation.record().number().epoch();
        if (request.epoch() != epoch) {
            return refusal(
                    Refusal.Code.STALE_EPOCH,
                    "the request was made for epoch " + request.epoch() + ", and it is epoch " + epoch + " now");
        }
        return switch (request) {
            case AcknowledgeFlapping ignored -> Optional.empty();
            case Cancel ignored -> refusalOfCancel(situation);
            case Failover failover -> refusalOfFailover(situation, failover);
            case Switchover switchover -> refusalOfSwitchover(situation, switchover);
        };
    }

    private static Optional<Refusal> refusalOfCancel(Situation situation) {
        return switch (situation.record().phase()) {
            case FENCING ->
                situation.reign().confirmed()
                        ? Optional.empty()
                        : refusal(Refusal.Code.POINT_OF_NO_RETURN, "a promotion has been tried already");
            case PROMOTING, REPOINTING, VERIFYING, RECOVERING ->
                refusal(Refusal.Code.POINT_OF_NO_RETURN, "the promotion has been ordered");
            case STEADY, SUSPECTED, BLOCKED -> refusal(Refusal.Code.NOTHING_RUNS, "no operation runs");
        };
    }

    private static Optional<Refusal> refusalOfFailover(Situation situation, Failover request) {
        if (situation.isOperationRunning()) {
            return running(situation);
        }
        if (request.allowDataLoss()) {
            return request.reason().isBlank()
                    ? refusal(Refusal.Code.REASON_MISSING, "allowDataLoss needs a reason, which is kept for good")
                    : request.target().flatMap(node -> refusalOfNode(situation, node));
        }
        Optional<Refusal> refused = situation.refusalOfStandbys();
        return refused.isPresent() ? refused : refusalOfTarget(situation, request.target());
    }

    private static Optional<Refusal> refusalOfSwitchover(Situation situation, Switchover request) {
        if (situation.isOperationRunning()) {
            return running(situation);
        }
        if (situation.record().phase() != FailoverPhase.STEADY || !situation.isPrimaryOfEpoch()) {
            return refusal(
                    Refusal.Code.PRIMARY_NOT_WELL,
                    "a switchover needs the primary's help, and " + situation.primary()
                            + " may be lost; a failover may be possible");
        }
        if (situation.ready().stream().noneMatch(node -> situation.isEligible(node) && situation.follows(node))) {
            return refusal(Refusal.Code.NO_CANDIDATE, "no synchronous standby that may be promoted follows");
        }
        return refusalOfTarget(situation, request.target());
    }

    private static Optional<Refusal> refusalOfTarget(Situation situation, Optional<NodeId> target) {
        return target.flatMap(node -> refusalOfNode(situation, node)
                .or(() -> situation.ready().contains(node)
                        ? Optional.empty()
                        : refusal(
                                Refusal.Code.NO_CANDIDATE,
                                node
                                        + " is no candidate: it doesn't answer, or it isn't among the standbys that are known"
                                        + " to hold every acknowledged write")));
    }

    /** What would speak against the node even if loss is allowed. */
    private static Optional<Refusal> refusalOfNode(Situation situation, NodeId node) {
        if (node.equals(situation.primary())) {
            return refusal(Refusal.Code.NO_CANDIDATE, node + " is the primary already");
        }
        return situation.isEligible(node)
                ? Optional.empty()
                : refusal(
                        Refusal.Code.NO_CANDIDATE,
                        node + " may not be promoted: it is tagged nofailover, or not in service");
    }

    private static Optional<Refusal> running(Situation situation) {
        return refusal(
                Refusal.Code.OPERATION_RUNS,
                "one operation at a time; the cluster is " + situation.record().phase()
                        + situation
                                .record()
                                .handover()
                                .map(handover -> " in a " + handover.kind() + " because " + handover.cause())
                                .orElse(""));
    }

    private static Optional<Refusal> refusal(Refusal.Code code, String reason) {
        return Optional.of(new Refusal(code, reason));
    }
}
