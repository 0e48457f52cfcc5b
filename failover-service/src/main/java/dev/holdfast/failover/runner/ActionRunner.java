package dev.holdfast.failover.runner;

import dev.holdfast.api.GatewayNodesApi;
import dev.holdfast.failover.client.CallFailures;
import dev.holdfast.failover.client.NodeChecks;
import dev.holdfast.failover.client.NodeOrders;
import dev.holdfast.failover.client.RestartHooks;
import dev.holdfast.failover.operation.Action;
import dev.holdfast.failover.operation.Evidence;
import dev.holdfast.failover.operation.Evidence.GatewayAnswer;
import dev.holdfast.failover.operation.Evidence.RestartAnswer;
import dev.holdfast.model.health.ProbeResult;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.client.RestClientException;

/** Begins actions without waiting for them; what comes of them is added to the evidence of their operation. */
public final class ActionRunner {

    private static final Logger log = LoggerFactory.getLogger(ActionRunner.class);

    private final NodeOrders orders;
    private final NodeChecks checks;
    private final Map<String, GatewayNodesApi> gateways;
    private final RestartHooks hooks;
    private final RunnerTimings timings;
    private final Executor executor;
    private final LongSupplier nanoClock;
    private final OperationMetrics metrics;

    /** @param executor runs each call */
    public ActionRunner(
            Remote remote, RunnerTimings timings, Executor executor, LongSupplier nanoClock, OperationMetrics metrics) {
        this.orders = remote.orders();
        this.checks = remote.checks();
        this.gateways = Map.copyOf(remote.gateways());
        this.hooks = remote.hooks();
        this.timings = timings;
        this.executor = executor;
        this.nanoClock = nanoClock;
        this.metrics = metrics;
    }

    /**
     * Whom actions reach.
     *
     * @param gateways by their addresses
     */
    public record Remote(
            NodeOrders orders, NodeChecks checks, Map<String, GatewayNodesApi> gateways, RestartHooks hooks) {}

    List<String> gatewayAddresses() {
        return gateways.keySet().stream().sorted().toList();
    }

    /** @param now by the store's clock */
    void begin(Action action, OperationWatch watch, Instant now) {
        switch (action) {
            case Action.SetAdminState order ->
                run(watch, key(order), timings.retryDelay(), () -> set(order, watch.startedBy()));
            case Action.AskGateways question ->
                gateways.forEach((address, gateway) -> run(
                        watch,
                        key(question) + " " + address,
                        timings.tickInterval(),
                        () -> ask(question.node(), address, gateway)));
            case Action.CallRestartHook order -> {
                if (!(watch.evidence().restarts().get(order.node()) instanceof RestartAnswer.Done)) {
                    run(watch, key(order), timings.retryDelay(), () -> restart(order, watch));
                }
            }
            case Action.CheckNode check -> run(watch, key(check), check.interval(), () -> check(check, now));
        }
    }

    private static String key(Action action) {
        return action.getClass().getSimpleName() + " " + action.node();
    }

    /** What an action found out, as a change of the evidence. */
    private interface Finding {
        UnaryOperator<Evidence> find();
    }

    private void run(OperationWatch watch, String key, Duration pause, Finding finding) {
        if (!watch.begin(key, nanoClock.getAsLong(), pause)) {
            return;
        }
        executor.execute(() -> {
            try {
                watch.learn(finding.find());
            } catch (RuntimeException e) {
                // Nothing is learnt, so the step tries again until its time is up.
                log.error("operation {}: {} failed unexpectedly", watch.operation(), key, e);
            } finally {
                watch.ended(key);
            }
        });
    }

    private UnaryOperator<Evidence> set(Action.SetAdminState order, String onBehalfOf) {
        try {
            orders.set(order, onBehalfOf);
            return evidence -> evidence.withoutFailedOrder(order.node());
        } catch (RestClientException e) {
            String why = CallFailures.told(e);
            return evidence -> evidence.withFailedOrder(order.node(), why);
        }
    }

    private static UnaryOperator<Evidence> ask(NodeId node, String address, GatewayNodesApi gateway) {
        GatewayAnswer answer;
        try {
            answer = new GatewayAnswer.Answered(gateway.node(node));
        } catch (RestClientException e) {
            answer = new GatewayAnswer.Silent(CallFailures.told(e));
        }
        GatewayAnswer newest = answer;
        return evidence -> evidence.withGateway(node, address, newest);
    }

    private UnaryOperator<Evidence> restart(Action.CallRestartHook order, OperationWatch watch) {
        RestartAnswer answer = hooks.call(watch.operation(), order);
        metrics.answered(answer);
        return evidence -> evidence.withRestart(order.node(), answer);
    }

    private UnaryOperator<Evidence> check(Action.CheckNode order, Instant askedAt) {
        NodeId node = order.node();
        try {
            ProbeResult result = checks.check(order);
            return result.outcome().isSuccess()
                    ? evidence ->
                            evidence.withChecks(node, evidence.checksOf(node).succeeded(askedAt))
                    : evidence -> evidence.withChecks(
                            node, evidence.checksOf(node).failed(result.outcome() + " " + result.detail()));
        } catch (RestClientException e) {
            // No check was made: what was seen so far still holds, and the wait goes on.
            String why = "no observer answered: " + CallFailures.told(e);
            return evidence -> evidence.withChecks(node, evidence.checksOf(node).notMade(why));
        }
    }
}
