package dev.holdfast.failover.agent;

import dev.holdfast.api.agent.AgentApi;
import dev.holdfast.api.agent.AgentOrder;
import dev.holdfast.api.agent.OrderAction;
import dev.holdfast.api.agent.OrderAnswer;
import dev.holdfast.api.agent.OrderOutcome;
import dev.holdfast.failover.client.CallFailures;
import dev.holdfast.failover.promotion.Order;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.client.RestClientException;

/**
 * Gives the orders of one cluster to its agents, each on a thread of its own. An order that is under way is not given twice;
 * one that has ended is, when it is asked for again: agents answer repetitions without harm.
 */
public final class AgentOrders {

    private static final Logger log = LoggerFactory.getLogger(AgentOrders.class);

    private final ClusterId cluster;
    private final AgentCalls calls;
    private final AgentWatch watch;
    private final Executor executor;
    private final LongSupplier nanoClock;
    private final Set<Order> underWay = ConcurrentHashMap.newKeySet();
    private final Map<NodeId, String> troubles = new ConcurrentHashMap<>();

    /** @param watch learns how a node is after each order */
    public AgentOrders(
            ClusterId cluster, AgentCalls calls, AgentWatch watch, Executor executor, LongSupplier nanoClock) {
        this.cluster = cluster;
        this.calls = calls;
        this.watch = watch;
        this.executor = executor;
        this.nanoClock = nanoClock;
    }

    /** Hears how an order went, when its agent has answered that it is done or has failed. */
    @FunctionalInterface
    public interface Outcome {
        void ended(boolean done, String detail);
    }

    /** Gives the order; one to a node that is not declared any more is left. */
    public void give(Order order, Addresses addresses, Outcome outcome) {
        addresses
                .agentOf(order.node())
                .ifPresent(address -> WireForms.action(order, addresses::postgresOf)
                        .filter(action -> underWay.add(order))
                        .ifPresent(action -> executor.execute(() -> {
                            try {
                                call(order, action, calls.at(address), outcome);
                            } finally {
                                underWay.remove(order);
                            }
                        })));
    }

    private void call(Order order, OrderAction action, AgentApi agent, Outcome outcome) {
        NodeId node = order.node();
        long askedAt = nanoClock.getAsLong();
        try {
            OrderAnswer answer = agent.order(new AgentOrder(cluster, node, order.number(), action));
            if (answer.outcome() == OrderOutcome.DONE) {
                if (troubles.remove(node) != null) {
                    log.info("{} of {}: {}", node, cluster, answer.detail());
                }
                outcome.ended(true, answer.detail());
            } else if (answer.outcome() == OrderOutcome.FAILED) {
                trouble(order, answer.detail());
                outcome.ended(false, answer.detail());
            }
            answer.report().ifPresent(report -> watch.heard(report, askedAt));
        } catch (RestClientException e) {
            trouble(order, CallFailures.told(e));
        }
    }

    private void trouble(Order order, String detail) {
        String told = order.getClass().getSimpleName() + ": " + detail;
        if (!told.equals(troubles.put(order.node(), told))) {
            log.warn(
                    "{} of {} did not follow order {} of epoch {}: {}",
                    order.node(),
                    cluster,
                    order.number().step(),
                    order.number().epoch(),
                    told);
        }
    }
}
