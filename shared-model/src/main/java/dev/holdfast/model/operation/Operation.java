package dev.holdfast.model.operation;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Work that takes longer than a request, its steps done and to be done.
 *
 * @param node the node it concerns, empty when it concerns the whole cluster
 * @param parameters what was asked for, as given
 * @param outcome why it ended as it did, in words for people; empty until it ends
 * @param version the revision that last changed it
 */
public record Operation(
        OperationId id,
        OperationType type,
        ClusterId cluster,
        Optional<NodeId> node,
        OperationState state,
        Map<String, Object> parameters,
        List<OperationStep> steps,
        String startedBy,
        Instant startedAt,
        Optional<Instant> endedAt,
        Optional<String> outcome,
        Revision version) {

    public Operation {
        parameters = Map.copyOf(parameters);
        steps = List.copyOf(steps);
    }

    public Operation withVersion(Revision newVersion) {
        return new Operation(
                id, type, cluster, node, state, parameters, steps, startedBy, startedAt, endedAt, outcome, newVersion);
    }
}
