package dev.holdfast.gateway.activity;

import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The meters of the data plane; {@code docs/metrics.md} explains each. */
public final class GatewayMeters {

    /** A node that no request reached: none was available, or the client left first. */
    private static final String NO_NODE = "none";

    private final MeterRegistry registry;

    // The registry finds a meter by building and hashing its tags, which is too much for every request.
    private final Map<RequestKind, Timer> requests = new ConcurrentHashMap<>();

    private record RequestKind(ClusterId cluster, String node, String outcome) {}

    public GatewayMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A request has ended, with the node that answered it. */
    public void requestEnded(ClusterId cluster, NodeId node, String outcome, long nanos) {
        timer(new RequestKind(cluster, node.value(), outcome)).record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A request has ended without the answer of a node. */
    public void requestEnded(ClusterId cluster, String outcome, long nanos) {
        timer(new RequestKind(cluster, NO_NODE, outcome)).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(RequestKind kind) {
        Timer known = requests.get(kind);
        return known != null ? known : requests.computeIfAbsent(kind, this::register);
    }

    private Timer register(RequestKind kind) {
        return Timer.builder("holdfast.gateway.requests")
                .description("Requests of users, to the end of the response body")
                .tag("cluster", kind.cluster().value())
                .tag("node", kind.node())
                .tag("outcome", kind.outcome())
                .register(registry);
    }

    /** The node is gone: its meters go as well, so that they don't pile up. */
    public void forget(NodeId node) {
        requests.keySet().removeIf(kind -> kind.node().equals(node.value()));
        forget("node", node.value());
    }

    /** The cluster is gone, and its meters with it. */
    public void forget(ClusterId cluster) {
        requests.keySet().removeIf(kind -> kind.cluster().equals(cluster));
        forget("cluster", cluster.value());
    }

    private void forget(String tag, String value) {
        for (Meter meter : registry.getMeters()) {
            Meter.Id id = meter.getId();
            if (id.getName().startsWith("holdfast.gateway.") && value.equals(id.getTag(tag))) {
                registry.remove(meter);
            }
        }
    }

    public void tryFailed(ClusterId cluster, NodeId node, String failure) {
        Counter.builder("holdfast.gateway.failures")
                .description("Tries that failed, by the way they failed")
                .tag("cluster", cluster.value())
                .tag("node", node.value())
                .tag("failure", failure)
                .register(registry)
                .increment();
    }

    public void retried(ClusterId cluster, String failure) {
        Counter.builder("holdfast.gateway.retries")
                .description("Requests sent to another node, by what failed before")
                .tag("cluster", cluster.value())
                .tag("failure", failure)
                .register(registry)
                .increment();
    }

    public void retryBudgetExhausted(ClusterId cluster) {
        Counter.builder("holdfast.gateway.retry.budget.exhausted")
                .description("Retries not made because the cluster's budget was used up")
                .tag("cluster", cluster.value())
                .register(registry)
                .increment();
    }

    public void ejected(ClusterId cluster, NodeId node) {
        Counter.builder("holdfast.gateway.ejections")
                .description("Ejections of a node on what this gateway saw")
                .tag("cluster", cluster.value())
                .tag("node", node.value())
                .register(registry)
                .increment();
    }

    public void pickedInPanic(ClusterId cluster) {
        Counter.builder("holdfast.gateway.panic.picks")
                .description("Nodes picked while too few were available, healthy or not")
                .tag("cluster", cluster.value())
                .register(registry)
                .increment();
    }
}
