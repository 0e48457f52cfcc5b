package dev.holdfast.failover.operation;

import dev.holdfast.api.GatewayNodeView;
import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an operation's runner has learnt outside the store since it took the operation up. Another runner starts with
 * none of it and learns it anew.
 *
 * @param gateways the newest answer of each gateway about a node, by node and then by the gateway's address
 * @param restarts the newest answer of the restart hook for a node
 * @param checks the newest checks of a node
 * @param failedOrders why the newest order to set a node's admin state was not carried out
 */
public record Evidence(
        Map<NodeId, Map<String, GatewayAnswer>> gateways,
        Map<NodeId, RestartAnswer> restarts,
        Map<NodeId, Checks> checks,
        Map<NodeId, String> failedOrders) {

    public static final Evidence NONE = new Evidence(Map.of(), Map.of(), Map.of(), Map.of());

    public Evidence {
        gateways = Map.copyOf(gateways);
        restarts = Map.copyOf(restarts);
        checks = Map.copyOf(checks);
        failedOrders = Map.copyOf(failedOrders);
    }

    /** What came of asking a gateway about a node. */
    public sealed interface GatewayAnswer {

        record Answered(GatewayNodeView view) implements GatewayAnswer {}

        record Silent(String why) implements GatewayAnswer {}
    }

    /** What came of calling a restart hook. */
    public sealed interface RestartAnswer {

        /** The old process has ended. */
        record Done() implements RestartAnswer {}

        /** The old process may still run: ask again. */
        record Begun() implements RestartAnswer {}

        /** The hook understood and declined: asking again won't help. */
        record Refused(String why) implements RestartAnswer {}

        /** It may or may not have begun: ask again. */
        record Unclear(String why) implements RestartAnswer {}
    }

    /**
     * The newest checks of one node.
     *
     * @param successes in a row, up to the newest check
     * @param firstAskedAt when the first of these was asked for, by the store's clock
     * @param lastFailure what the last failed check saw, or why none could be made
     */
    public record Checks(int successes, Optional<Instant> firstAskedAt, Optional<String> lastFailure) {

        public static final Checks NONE = new Checks(0, Optional.empty(), Optional.empty());

        public Checks succeeded(Instant askedAt) {
            return new Checks(successes + 1, Optional.of(firstAskedAt.orElse(askedAt)), lastFailure);
        }

        /** The check could not be made: it says nothing of the node. */
        public Checks notMade(String why) {
            return new Checks(successes, firstAskedAt, Optional.of(why));
        }

        public Checks failed(String why) {
            return new Checks(0, Optional.empty(), Optional.of(why));
        }
    }

    public Evidence withGateway(NodeId node, String gateway, GatewayAnswer answer) {
        Map<String, GatewayAnswer> answers = new HashMap<>(gateways.getOrDefault(node, Map.of()));
        answers.put(gateway, answer);
        return new Evidence(put(gateways, node, Map.copyOf(answers)), restarts, checks, failedOrders);
    }

    public Evidence withRestart(NodeId node, RestartAnswer answer) {
        return new Evidence(gateways, put(restarts, node, answer), checks, failedOrders);
    }

    public Evidence withChecks(NodeId node, Checks newest) {
        return new Evidence(gateways, restarts, put(checks, node, newest), failedOrders);
    }

    public Evidence withFailedOrder(NodeId node, String why) {
        return new Evidence(gateways, restarts, checks, put(failedOrders, node, why));
    }

    public Evidence withoutFailedOrder(NodeId node) {
        Map<NodeId, String> rest = new HashMap<>(failedOrders);
        rest.remove(node);
        return new Evidence(gateways, restarts, checks, rest);
    }

    public Checks checksOf(NodeId node) {
        return checks.getOrDefault(node, Checks.NONE);
    }

    private static <V> Map<NodeId, V> put(Map<NodeId, V> map, NodeId node, V value) {
        Map<NodeId, V> copy = new HashMap<>(map);
        copy.put(node, value);
        return copy;
    }
}
