package dev.holdfast.agent.order;

import dev.holdfast.agent.order.AgentRecord.Fenced;
import dev.holdfast.agent.order.Assignment.Upstream;
import dev.holdfast.api.agent.AgentOrder;
import dev.holdfast.api.agent.OrderAction;
import dev.holdfast.api.agent.OrderAnswer;
import dev.holdfast.api.agent.OrderOutcome;
import dev.holdfast.api.agent.PostgresRole;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.NodeId;
import java.util.Optional;

/** Decides which orders are obeyed. */
final class OrderRules {

    private OrderRules() {}

    /** @param running the order that is being carried out */
    static Verdict judge(AgentRecord record, Optional<AgentOrder> running, AgentOrder order) {
        if (!order.cluster().equals(record.cluster()) || !order.node().equals(record.node())) {
            return new Verdict.Refused(
                    ProblemCode.WRONG_NODE,
                    "This is the agent of node " + record.node() + " of cluster " + record.cluster() + ".");
        }
        if (order.number().compareTo(record.accepted()) < 0) {
            return new Verdict.Refused(
                    ProblemCode.STALE_ORDER,
                    "The order is step " + order.number().step() + " of epoch "
                            + order.number().epoch() + "; this node has accepted step "
                            + record.accepted().step() + " of epoch "
                            + record.accepted().epoch() + ".");
        }
        if (running.filter(current -> saysTheSame(order, current)).isPresent()) {
            return new Verdict.Joined(record.renumbered(order));
        }
        Optional<String> reason = whyNot(record, order);
        if (reason.isPresent()) {
            // What is being done goes on: it is no less right than before.
            OrderAnswer answer = OrderAnswer.of(order, OrderOutcome.FAILED, reason.get());
            return new Verdict.Declined(
                    record.declining(order, running.isPresent() ? Optional.empty() : Optional.of(answer)),
                    reason.get());
        }
        if (running.filter(current -> !supersedes(order, current)).isPresent()) {
            return new Verdict.Refused(
                    ProblemCode.ORDER_IN_PROGRESS,
                    "Another order of the same epoch, step "
                            + running.get().number().step() + ", is being carried out.");
        }
        return new Verdict.Accepted(next(record, order));
    }

    /**
     * Whether an order only repeats, maybe under a higher step, what is being done. In another epoch the same words may mean
     * another state of the upstream, so what is being done begins anew. A verification carries its number in the row.
     */
    private static boolean saysTheSame(AgentOrder order, AgentOrder current) {
        return order.action().equals(current.action())
                && order.number().epoch() == current.number().epoch()
                && (order.number().equals(current.number()) || !(order.action() instanceof OrderAction.Verify));
    }

    private static boolean supersedes(AgentOrder order, AgentOrder current) {
        if (order.number().epoch() > current.number().epoch()) {
            return true;
        }
        return switch (order.action()) {
            case OrderAction.Fence _ -> true;
            case OrderAction.Detach _, OrderAction.Promote _, OrderAction.Follow _, OrderAction.Reinitialise _ ->
                order.number().step() > current.number().step() && !(current.action() instanceof OrderAction.Fence);
            // Who waits for standbys that don't come may have to be told of others.
            case OrderAction.Synchronise _ ->
                switch (current.action()) {
                    case OrderAction.Resume _, OrderAction.Synchronise _, OrderAction.Verify _ -> true;
                    case OrderAction.Create _,
                            OrderAction.Detach _,
                            OrderAction.Promote _,
                            OrderAction.Follow _,
                            OrderAction.Fence _,
                            OrderAction.Reinitialise _ -> false;
                };
            case OrderAction.Create _, OrderAction.Resume _, OrderAction.Verify _ -> false;
        };
    }

    private static Optional<String> whyNot(AgentRecord record, AgentOrder order) {
        long epoch = order.number().epoch();
        Optional<Fenced> fenced = record.fenced().filter(fence -> fence.in() == epoch);
        return switch (order.action()) {
            case OrderAction.Create _ ->
                record.assignment().isPresent() && !isPrimarySince(record, epoch)
                        ? Optional.of("The node has a role already.")
                        : Optional.empty();
            case OrderAction.Detach _ ->
                record.servesAsPrimary()
                        ? Optional.of("The node is a primary; only a standby is detached.")
                        : Optional.empty();
            case OrderAction.Promote _ ->
                isDetachedIn(record, epoch) || isPrimarySince(record, epoch)
                        ? whileFenced(fenced)
                        : Optional.of("The node isn't a standby that was detached in epoch " + epoch + ".");
            case OrderAction.Synchronise _, OrderAction.Verify _ ->
                record.assignment().isPresent() && !record.servesAsPrimary()
                        ? Optional.of("The node is a standby; only a primary has commits that wait.")
                        : whileFenced(record.fenced());
            case OrderAction.Follow(var upstream, var _) -> unlessItself(record, upstream);
            case OrderAction.Reinitialise(var upstream, var _) -> unlessItself(record, upstream);
            case OrderAction.Fence _, OrderAction.Resume _ -> Optional.empty();
        };
    }

    private static Optional<String> whileFenced(Optional<Fenced> fenced) {
        return fenced.map(fence -> "The node is fenced in epoch " + fence.in() + ": " + fence.reason() + ".");
    }

    private static Optional<String> unlessItself(AgentRecord record, NodeId upstream) {
        return upstream.equals(record.node()) ? Optional.of("A node can't be a standby of itself.") : Optional.empty();
    }

    private static boolean isDetachedIn(AgentRecord record, long epoch) {
        return record.assignment()
                .flatMap(Assignment::detachedIn)
                .filter(in -> in == epoch)
                .isPresent();
    }

    private static boolean isPrimarySince(AgentRecord record, long epoch) {
        return record.assignment()
                .flatMap(Assignment::primarySince)
                .filter(since -> since == epoch)
                .isPresent();
    }

    /**
     * What has to be remembered before anything is done: every order that takes a role away does so at once, and none gives the
     * role of a primary before it has been done, so that an agent that is killed midway never starts one by itself. That a
     * promotion was ordered is remembered too, for it may come about when nobody looks.
     */
    private static AgentRecord next(AgentRecord record, AgentOrder order) {
        Optional<Assignment> role = record.assignment();
        Optional<Synchronous> promotion = role.filter(Assignment::mayBePromoted).flatMap(Assignment::synchronous);
        Optional<Fenced> free = Optional.empty();
        return switch (order.action()) {
            case OrderAction.Create _, OrderAction.Synchronise _, OrderAction.Resume _, OrderAction.Verify _ ->
                record.accepting(order, role, free);
            case OrderAction.Promote(var synchronous) ->
                record.accepting(
                        order,
                        record.servesAsPrimary()
                                ? role
                                : Optional.of(Assignment.standby(
                                        Optional.empty(),
                                        role.flatMap(Assignment::detachedIn),
                                        Optional.of(synchronous))),
                        free);
            case OrderAction.Detach _ ->
                record.accepting(
                        order,
                        Optional.of(
                                Assignment.standby(Optional.empty(), role.flatMap(Assignment::detachedIn), promotion)),
                        free);
            case OrderAction.Follow(var node, var address) ->
                record.accepting(order, following(new Upstream(node, address), promotion), free);
            case OrderAction.Reinitialise(var node, var address) ->
                record.accepting(order, following(new Upstream(node, address), promotion), free);
            case OrderAction.Fence _ ->
                record.accepting(
                        order, role, Optional.of(new Fenced(order.number().epoch(), "ordered")));
        };
    }

    private static Optional<Assignment> following(Upstream upstream, Optional<Synchronous> promotion) {
        return Optional.of(Assignment.standby(Optional.of(upstream), Optional.empty(), promotion));
    }

    /** The record when the order has been done. */
    static AgentRecord done(AgentRecord record, AgentOrder order, Optional<PostgresRole> runsAs) {
        long epoch = order.number().epoch();
        Optional<Assignment> role = record.assignment();
        return switch (order.action()) {
            case OrderAction.Create _ ->
                isPrimarySince(record, epoch)
                        ? record
                        : record.assigned(Assignment.primary(Optional.of(Synchronous.NONE), epoch));
            case OrderAction.Promote(var synchronous) ->
                isPrimarySince(record, epoch)
                        ? record
                        : record.assigned(Assignment.primary(Optional.of(synchronous), epoch));
            case OrderAction.Synchronise(var synchronous) ->
                record.assigned(Assignment.primary(
                        Optional.of(synchronous),
                        role.flatMap(Assignment::primarySince).orElse(epoch)));
            case OrderAction.Detach _ ->
                record.assigned(Assignment.standby(Optional.empty(), Optional.of(epoch), Optional.empty()));
            case OrderAction.Follow _, OrderAction.Reinitialise _ ->
                record.assigned(
                        Assignment.standby(role.flatMap(Assignment::upstream), Optional.empty(), Optional.empty()));
            // A server that turns out to be a primary is one: by its data, or by a promotion that nobody saw the end
            // of.
            case OrderAction.Resume _ ->
                runsAs.filter(PostgresRole.PRIMARY::equals).isPresent() && !record.servesAsPrimary()
                        ? record.assigned(Assignment.primary(
                                role.flatMap(Assignment::synchronous),
                                role.flatMap(Assignment::detachedIn).orElse(epoch)))
                        : record;
            case OrderAction.Fence _, OrderAction.Verify _ -> record;
        };
    }

    /**
     * Whether an agent that was killed while it carried out the order goes on with it. Only what can't make a primary; anything
     * else waits for the control plane to repeat its order, which it may have given up meanwhile.
     */
    static boolean isResumedAfterRestart(OrderAction action) {
        return switch (action) {
            case OrderAction.Detach _, OrderAction.Follow _, OrderAction.Reinitialise _, OrderAction.Fence _ -> true;
            case OrderAction.Create _,
                    OrderAction.Promote _,
                    OrderAction.Resume _,
                    OrderAction.Synchronise _,
                    OrderAction.Verify _ -> false;
        };
    }
}
