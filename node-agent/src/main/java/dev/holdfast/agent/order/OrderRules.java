package dev.holdfast.agent.order;

import dev.holdfast.agent.order.AgentRecord.Fenced;
import dev.holdfast.agent.order.AgentRecord.Handled;
import dev.holdfast.api.agent.AgentOrder;
import dev.holdfast.api.agent.OrderAction;
import dev.holdfast.api.agent.OrderOutcome;
import dev.holdfast.api.agent.SynchronousStandbys;
import dev.holdfast.api.problem.ProblemCode;
import java.util.Optional;

/** Decides which orders are obeyed. */
final class OrderRules {

    private OrderRules() {}

    /** @param running the order that is being carried out */
    static Verdict judge(AgentRecord record, Optional<AgentOrder> running, AgentOrder order) {
        if (!order.cluster().equals(record.cluster()) || !order.node().equals(record.node())) {
            return refused(
                    ProblemCode.WRONG_NODE,
                    "This is the agent of node " + record.node() + " of cluster " + record.cluster() + ".");
        }
        if (order.epoch().isOlderThan(record.epoch())) {
            return refused(
                    ProblemCode.STALE_EPOCH,
                    "The order is of epoch " + order.epoch() + "; this node is in epoch " + record.epoch() + ".");
        }
        Optional<Handled> before = record.handled(order);
        if (before.isPresent() && !before.get().order().equals(order)) {
            return refused(
                    ProblemCode.IDEMPOTENCY_KEY_REUSED, "Another order of this epoch has the id " + order.id() + ".");
        }
        if (running.filter(order::equals).isPresent()) {
            return new Verdict.Joined();
        }
        if (before.isPresent() && !isToBeTriedAgain(record, before.get())) {
            return new Verdict.Repeated(before.get().answer());
        }
        if (running.filter(current -> !supersedes(order, current)).isPresent()) {
            return refused(
                    ProblemCode.ORDER_IN_PROGRESS,
                    "The order " + running.get().id() + " of the same epoch is being carried out.");
        }
        return whyNot(record, order)
                .<Verdict>map(reason -> refused(ProblemCode.ORDER_REFUSED, reason))
                .orElseGet(() -> new Verdict.Accepted(next(record, order)));
    }

    /** An order that didn't get done may be tried again while nothing else was ordered since. */
    private static boolean isToBeTriedAgain(AgentRecord record, Handled before) {
        return before.answer().outcome() != OrderOutcome.DONE
                && record.last().filter(before::equals).isPresent();
    }

    private static boolean supersedes(AgentOrder order, AgentOrder current) {
        return current.epoch().isOlderThan(order.epoch()) || order.action() instanceof OrderAction.Fence;
    }

    private static Optional<String> whyNot(AgentRecord record, AgentOrder order) {
        Optional<Fenced> fenced = record.fenced().filter(fence -> fence.in().equals(order.epoch()));
        return switch (order.action()) {
            case OrderAction.Create _ ->
                record.assignment().isPresent() ? Optional.of("The node has a role already.") : Optional.empty();
            case OrderAction.Detach _ ->
                record.servesAsPrimary()
                        ? Optional.of("The node is a primary; only a standby is detached.")
                        : whileFenced(fenced);
            case OrderAction.Promote _ ->
                isDetachedIn(record, order)
                        ? whileFenced(fenced)
                        : Optional.of("The node isn't a standby that was detached in epoch " + order.epoch() + ".");
            case OrderAction.Synchronise _ ->
                record.assignment().isPresent() && !record.servesAsPrimary()
                        ? Optional.of("The node is a standby; only a primary's commits wait for standbys.")
                        : whileFenced(record.fenced());
            case OrderAction.Reinitialise _ ->
                record.servesAsPrimary() && record.fenced().isEmpty()
                        ? Optional.of("The node is a primary; fence it before its data are replaced.")
                        : Optional.empty();
            case OrderAction.Follow _, OrderAction.Fence _, OrderAction.Resume _ -> Optional.empty();
        };
    }

    private static Optional<String> whileFenced(Optional<Fenced> fenced) {
        return fenced.map(fence -> "The node is fenced in epoch " + fence.in() + ": " + fence.reason() + ".");
    }

    private static boolean isDetachedIn(AgentRecord record, AgentOrder order) {
        return record.assignment()
                .flatMap(Assignment::detachedIn)
                .filter(order.epoch()::equals)
                .isPresent();
    }

    /**
     * What has to be remembered before anything is done: every order that takes a role away does so at once, and none gives the
     * role of a primary before it has been done, so that an agent that is killed midway never starts one by itself.
     */
    private static AgentRecord next(AgentRecord record, AgentOrder order) {
        Optional<Assignment> role = record.assignment();
        Optional<Fenced> free = Optional.empty();
        return switch (order.action()) {
            case OrderAction.Create _, OrderAction.Promote _, OrderAction.Synchronise _, OrderAction.Resume _ ->
                record.accepting(order, role, free);
            case OrderAction.Detach _ -> record.accepting(order, Optional.of(Assignment.detached(order.epoch())), free);
            case OrderAction.Follow(var upstream) ->
                record.accepting(order, Optional.of(Assignment.standbyOf(upstream)), free);
            case OrderAction.Reinitialise(var upstream) ->
                record.accepting(order, Optional.of(Assignment.standbyOf(upstream)), free);
            case OrderAction.Fence _ ->
                record.accepting(order, role, Optional.of(new Fenced(order.epoch(), "ordered by " + order.id())));
        };
    }

    /** The record when the order has been done. */
    static AgentRecord done(AgentRecord record, AgentOrder order) {
        return switch (order.action()) {
            case OrderAction.Create _ -> record.assigned(Assignment.primary(SynchronousStandbys.NONE));
            case OrderAction.Promote(var synchronous) -> record.assigned(Assignment.primary(synchronous));
            case OrderAction.Synchronise(var synchronous) -> record.assigned(Assignment.primary(synchronous));
            case OrderAction.Detach _,
                    OrderAction.Follow _,
                    OrderAction.Reinitialise _,
                    OrderAction.Fence _,
                    OrderAction.Resume _ -> record;
        };
    }

    /**
     * Whether an agent that was killed while it carried out the order goes on with it. Only what can't make a primary; anything
     * else waits for the control plane to repeat its order, which it may have given up meanwhile.
     */
    static boolean isResumedAfterRestart(OrderAction action) {
        return switch (action) {
            case OrderAction.Detach _, OrderAction.Follow _, OrderAction.Reinitialise _, OrderAction.Fence _ -> true;
            case OrderAction.Create _, OrderAction.Promote _, OrderAction.Resume _, OrderAction.Synchronise _ -> false;
        };
    }

    private static Verdict.Refused refused(ProblemCode code, String reason) {
        return new Verdict.Refused(code, reason);
    }
}
