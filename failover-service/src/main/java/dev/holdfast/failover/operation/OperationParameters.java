package dev.holdfast.failover.operation;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was asked for.
 *
 * @param force goes on although no other node, or too few, would take the traffic
 * @param maxUnavailable how many nodes may be out of service at a time; set for a rolling restart only
 * @param nodes the only ones to restart; empty for every enabled node of the cluster
 * @param timeout of the wait of a single node's operation: for its requests to end, or for traffic
 * @param restartTimeout for a node to be restarted, and again for it to answer
 * @param healthyTimeout for a restarted node to take traffic
 */
public record OperationParameters(
        Optional<String> reason,
        boolean force,
        Optional<Integer> maxUnavailable,
        List<NodeId> nodes,
        Optional<Duration> timeout,
        Optional<Duration> restartTimeout,
        Optional<Duration> healthyTimeout) {

    private static final JsonMapper MAPPER = HoldfastJson.jsonMapper();

    public OperationParameters {
        // Absent in a stored document reaches the constructor as null.
        nodes = List.copyOf(requireNonNullElse(nodes, List.of()));
    }

    /** As it is kept in the operation: JSON values only. */
    public Map<String, Object> asMap() {
        return MAPPER.convertValue(this, new TypeReference<>() {});
    }

    public static OperationParameters of(Map<String, Object> kept) {
        return MAPPER.convertValue(kept, OperationParameters.class);
    }
}
