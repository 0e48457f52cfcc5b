package dev.holdfast.api;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.FailoverTraits;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Map;
import java.util.Optional;

/**
 * A node as a user declares it, inside its cluster or by itself.
 *
 * @param id required inside a cluster; when the path names the node, it may be left out
 * @param cluster required when the node is declared by itself; inside a cluster it may be left out
 * @param address {@code host:port}
 * @param weight its share of traffic relative to its peers; default 1, 0 takes none
 * @param adminState when left out, the node keeps the state it has; a new node is {@code ENABLED}
 * @param agent {@code host:port} where the agent of a PostgreSQL node answers; required of one, and of no other
 * @param priority the higher, the rather it is promoted; default 100
 * @param nofailover it is never promoted; default false
 */
public record NodeDeclaration(
        Optional<NodeId> id,
        Optional<ClusterId> cluster,
        @NotNull RegionId region,
        @NotNull ZoneId zone,
        @NotNull Endpoint address,
        @Min(0) @Max(Node.MAX_WEIGHT) Integer weight,
        @Size(max = 64) Map<@Size(max = 63) String, @NotNull @Size(max = 253) String> labels,
        Optional<AdminState> adminState,
        Optional<Endpoint> agent,
        @Min(0) @Max(FailoverTraits.MAX_PRIORITY) Integer priority,
        Boolean nofailover) {

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public NodeDeclaration {
        id = requireNonNullElse(id, Optional.empty());
        cluster = requireNonNullElse(cluster, Optional.empty());
        weight = requireNonNullElse(weight, Node.DEFAULT_WEIGHT);
        labels = requireNonNullElse(labels, Map.of());
        adminState = requireNonNullElse(adminState, Optional.empty());
        agent = requireNonNullElse(agent, Optional.empty());
        priority = requireNonNullElse(priority, FailoverTraits.DEFAULT_PRIORITY);
        nofailover = requireNonNullElse(nofailover, false);
    }

    public FailoverTraits failover() {
        return new FailoverTraits(agent, priority, nofailover);
    }
}
