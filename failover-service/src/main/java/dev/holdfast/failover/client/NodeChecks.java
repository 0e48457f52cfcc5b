package dev.holdfast.failover.client;

import dev.holdfast.api.NodeProbeApi;
import dev.holdfast.failover.operation.Action;
import dev.holdfast.model.health.ProbeResult;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.springframework.web.client.RestClientException;

/** Has nodes checked by whichever replica of health-service answers. */
public final class NodeChecks {

    private final Function<Duration, Replicas<NodeProbeApi>> healthService;
    private final ConcurrentMap<Duration, Replicas<NodeProbeApi>> byCheckTimeout = new ConcurrentHashMap<>();

    /** @param healthService makes clients that wait for checks of the given timeout */
    public NodeChecks(Function<Duration, Replicas<NodeProbeApi>> healthService) {
        this.healthService = healthService;
    }

    /** Throws a {@link RestClientException} when no replica made the check. */
    public ProbeResult check(Action.CheckNode order) {
        return byCheckTimeout.computeIfAbsent(order.timeout(), healthService).call(api -> api.probe(order.node()));
    }
}
