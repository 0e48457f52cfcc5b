package dev.holdfast.agent.order;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.api.agent.AgentOrder;
import dev.holdfast.api.agent.Epoch;
import dev.holdfast.api.agent.OrderAnswer;
import dev.holdfast.api.agent.OrderOutcome;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that an agent has to remember when it is killed.
 *
 * @param epoch the highest of all orders that were accepted
 * @param assignment empty before the first order that gave the node a role
 * @param fenced why the server may not run, and since which epoch; empty while it may
 * @param handled the orders of this epoch, the last accepted last
 */
public record AgentRecord(
        ClusterId cluster,
        NodeId node,
        Epoch epoch,
        Optional<Assignment> assignment,
        Optional<Fenced> fenced,
        List<Handled> handled) {

    /** A failover takes few orders; so many are remembered that a repeated one is known after any sensible delay. */
    private static final int MAX_HANDLED = 100;

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public AgentRecord {
        assignment = requireNonNullElse(assignment, Optional.empty());
        fenced = requireNonNullElse(fenced, Optional.empty());
        handled = List.copyOf(requireNonNullElse(handled, List.of()));
    }

    /** Why a server is kept stopped. */
    public record Fenced(Epoch in, String reason) {}

    /** An accepted order and how far it has come. */
    public record Handled(AgentOrder order, OrderAnswer answer) {}

    public static AgentRecord empty(ClusterId cluster, NodeId node) {
        return new AgentRecord(cluster, node, Epoch.NONE, Optional.empty(), Optional.empty(), List.of());
    }

    public Optional<Handled> last() {
        return handled.isEmpty() ? Optional.empty() : Optional.of(handled.getLast());
    }

    /** As it was remembered, when the same id came in this epoch before. */
    Optional<Handled> handled(AgentOrder order) {
        return handled.stream()
                .filter(earlier -> earlier.order().id().equals(order.id())
                        && earlier.order().epoch().equals(order.epoch()))
                .findFirst();
    }

    /** With the order as the last one, to be carried out. */
    AgentRecord accepting(AgentOrder order, Optional<Assignment> then, Optional<Fenced> thenFenced) {
        List<Handled> kept = new ArrayList<>(order.epoch().equals(epoch) ? handled : List.of());
        kept.removeIf(earlier -> earlier.order().id().equals(order.id()));
        if (kept.size() == MAX_HANDLED) {
            kept.removeFirst();
        }
        kept.add(new Handled(order, OrderAnswer.of(order, OrderOutcome.IN_PROGRESS, "being carried out")));
        return new AgentRecord(cluster, node, order.epoch(), then, thenFenced, kept);
    }

    /** With the answer to an order; one that isn't remembered any more changes nothing. */
    AgentRecord answered(OrderAnswer answer) {
        List<Handled> now = handled.stream()
                .map(each -> each.order().id().equals(answer.id())
                                && each.order().epoch().equals(answer.epoch())
                        ? new Handled(each.order(), answer)
                        : each)
                .toList();
        return new AgentRecord(cluster, node, epoch, assignment, fenced, now);
    }

    AgentRecord assigned(Assignment now) {
        return new AgentRecord(cluster, node, epoch, Optional.of(now), fenced, handled);
    }

    AgentRecord fencedFor(String reason) {
        return new AgentRecord(cluster, node, epoch, assignment, Optional.of(new Fenced(epoch, reason)), handled);
    }

    public boolean servesAsPrimary() {
        return assignment.filter(Assignment::servesAsPrimary).isPresent();
    }
}
