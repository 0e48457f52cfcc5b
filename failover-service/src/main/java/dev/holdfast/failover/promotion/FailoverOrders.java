package dev.holdfast.failover.promotion;

import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.replication.Reign;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the nodes are to be told, given a record that is in the store. */
record FailoverOrders(Situation situation) {

    List<Order> orders() {
        List<Order> orders = new ArrayList<>();
        switch (situation.record().phase()) {
            case FENCING -> fencing(orders);
            case PROMOTING -> promoting(orders);
            case VERIFYING -> {
                keeping(orders);
                // A row may wait for the very settings that are being changed.
                if (orders.stream().noneMatch(Order.Synchronise.class::isInstance)) {
                    orders.add(new Order.Verify(situation.primary(), number()));
                }
            }
            case STEADY, SUSPECTED, BLOCKED, REPOINTING, RECOVERING -> {
                if (situation.reign().confirmed()) {
                    keeping(orders);
                } else {
                    resumeUnseenPrimary(orders);
                }
            }
        }
        return orders;
    }

    private OrderNumber number() {
        return situation.record().number();
    }

    private void fencing(List<Order> orders) {
        if (situation.isSwitchover()) {
            orders.add(new Order.Fence(situation.primary(), number(), Order.Mode.FAST));
            situation
                    .endOfPrimary()
                    .flatMap(end -> new Candidates(situation).caughtUpWith(end))
                    .ifPresent(node -> orders.add(new Order.Detach(node, number())));
            return;
        }
        Set<NodeId> toDetach = new HashSet<>(situation.counted());
        if (!situation.reign().confirmed()) {
            toDetach.add(situation.primary());
        }
        for (Member member : situation.snapshot().members()) {
            NodeId node = member.id();
            boolean leadsNoMore = !node.equals(situation.primary())
                    && situation.newest(node).filter(AgentReport::isPrimary).isPresent();
            if (leadsNoMore) {
                orders.add(new Order.Fence(node, number(), Order.Mode.IMMEDIATE));
            } else if (toDetach.contains(node)
                    && situation.newest(node).filter(situation::isDetached).isEmpty()) {
                orders.add(new Order.Detach(node, number()));
            }
        }
    }

    /**
     * The old primary is harmless already; stopping it now ends the sessions that wait on it in vain. The others get ready to
     * follow the candidate, and do so once it is primary, if by that nothing can be confused: when no timeline of the number
     * that it opens can have been opened before.
     */
    private void promoting(List<Order> orders) {
        orders.add(new Order.Promote(
                situation.primary(), number(), situation.reign().wanted()));
        for (NodeId node : situation.others()) {
            boolean mayLead = situation
                            .record()
                            .handover()
                            .filter(handover -> handover.former().equals(node))
                            .isPresent()
                    || situation.newest(node).filter(AgentReport::isPrimary).isPresent();
            if (mayLead) {
                orders.add(new Order.Fence(node, number(), Order.Mode.IMMEDIATE));
            } else if (situation.reign().opensNewTimeline()
                    && situation.fresh(node).isPresent()
                    && !situation.record().doubtful().contains(node)) {
                orders.add(new Order.Follow(node, number(), situation.primary()));
            }
        }
    }

    /** The designated node did become primary, unseen: it is the only one there can be, and has to take up the epoch. */
    private void resumeUnseenPrimary(List<Order> orders) {
        situation
                .fresh(situation.primary())
                .filter(report ->
                        report.role() == AgentReport.Role.PRIMARY && (report.isDown() || !situation.isOfEpoch(report)))
                .ifPresent(report -> orders.add(new Order.Resume(report.node(), number())));
    }

    private void keeping(List<Order> orders) {
        Optional<AgentReport> primary = situation.fresh(situation.primary());
        primary.ifPresent(report -> keepPrimary(orders, report));
        for (NodeId node : situation.others()) {
            if (situation.fresh(node).isEmpty()) {
                continue;
            }
            if (situation.record().doubtful().contains(node)) {
                orders.add(new Order.Reinitialise(node, number(), situation.primary()));
            } else if (!situation.follows(node)) {
                orders.add(new Order.Follow(node, number(), situation.primary()));
            }
        }
    }

    private void keepPrimary(List<Order> orders, AgentReport report) {
        boolean older = report.accepted().epoch() < number().epoch();
        if (report.isDown() || older) {
            orders.add(new Order.Resume(report.node(), number()));
        }
        Reign reign = situation.reign();
        boolean told = report.accepted().compareTo(new OrderNumber(number().epoch(), reign.wantedStep())) >= 0
                && report.sender()
                        .filter(sender -> sender.inForce().equals(reign.wanted()))
                        .isPresent();
        if (report.isPrimary() && !told) {
            orders.add(new Order.Synchronise(report.node(), number(), reign.wanted()));
        }
        if (situation.isAsync()) {
            reign.leaseUntil()
                    .map(until -> Duration.between(situation.snapshot().now(), until))
                    .filter(left -> !left.isNegative())
                    .ifPresent(left -> orders.add(new Order.Lease(
                            report.node(),
                            number(),
                            report.clock().instance(),
                            report.clock().reading().plus(left))));
        }
    }
}
