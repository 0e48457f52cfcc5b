package dev.holdfast.agent.order;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.api.agent.AgentOrder;
import dev.holdfast.api.agent.OrderAnswer;
import dev.holdfast.api.agent.OrderOutcome;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.util.Optional;

/**
 * All that an agent has to remember when it is killed.
 *
 * @param accepted the highest number of all orders, also of those that the node's state didn't allow
 * @param assignment empty before the first order that gave the node a role
 * @param fenced why the server may not run, and since which epoch; empty while it may
 * @param last the last order that was accepted and how far it has come; empty before the first
 */
public record AgentRecord(
        ClusterId cluster,
        NodeId node,
        OrderNumber accepted,
        Optional<Assignment> assignment,
        Optional<Fenced> fenced,
        Optional<Handled> last) {

    /** Lower than any that is given. */
    static final OrderNumber NONE_YET = new OrderNumber(0, 0);

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public AgentRecord {
        assignment = requireNonNullElse(assignment, Optional.empty());
        fenced = requireNonNullElse(fenced, Optional.empty());
        last = requireNonNullElse(last, Optional.empty());
    }

    /** Why a server is kept stopped. */
    public record Fenced(long in, String reason) {}

    /** An accepted order and how far it has come. */
    public record Handled(AgentOrder order, OrderAnswer answer) {}

    public static AgentRecord empty(ClusterId cluster, NodeId node) {
        return new AgentRecord(cluster, node, NONE_YET, Optional.empty(), Optional.empty(), Optional.empty());
    }

    boolean isDone(AgentOrder order) {
        return last.filter(handled -> handled.order().equals(order))
                .filter(handled -> handled.answer().outcome() == OrderOutcome.DONE)
                .isPresent();
    }

    /** With the order as the last one, to be carried out; one that was done stays so, and is looked at again. */
    AgentRecord accepting(AgentOrder order, Optional<Assignment> then, Optional<Fenced> thenFenced) {
        Optional<Handled> handled = isDone(order)
                ? last
                : Optional.of(new Handled(order, OrderAnswer.of(order, OrderOutcome.IN_PROGRESS, "being carried out")));
        return new AgentRecord(cluster, node, order.number(), then, thenFenced, handled);
    }

    /** With the number of an order that says again what is being done. */
    AgentRecord renumbered(AgentOrder order) {
        return isLast(order) ? this : accepting(order, assignment, fenced);
    }

    /** With the number of an order that nothing is done about. */
    AgentRecord declining(AgentOrder order, Optional<OrderAnswer> answer) {
        return new AgentRecord(
                cluster,
                node,
                order.number(),
                assignment,
                fenced,
                answer.map(given -> new Handled(order, given)).or(() -> last));
    }

    /** With the answer to the last order; an earlier one isn't remembered any more. */
    AgentRecord answered(AgentOrder order, OrderAnswer answer) {
        return isLast(order)
                ? new AgentRecord(cluster, node, accepted, assignment, fenced, Optional.of(new Handled(order, answer)))
                : this;
    }

    boolean isLast(AgentOrder order) {
        return last.filter(handled -> handled.order().equals(order)).isPresent();
    }

    AgentRecord assigned(Assignment now) {
        return new AgentRecord(cluster, node, accepted, Optional.of(now), fenced, last);
    }

    AgentRecord fencedFor(String reason) {
        return new AgentRecord(
                cluster, node, accepted, assignment, Optional.of(new Fenced(accepted.epoch(), reason)), last);
    }

    public boolean servesAsPrimary() {
        return assignment.filter(Assignment::servesAsPrimary).isPresent();
    }

    public boolean mayBePromoted() {
        return assignment.filter(Assignment::mayBePromoted).isPresent();
    }

    /** Whether the node was proven to be a detached standby in the accepted epoch, and no promotion was ordered since. */
    public boolean countsAsDetached() {
        return !mayBePromoted()
                && assignment
                        .flatMap(Assignment::detachedIn)
                        .filter(epoch -> epoch == accepted.epoch())
                        .isPresent();
    }
}
