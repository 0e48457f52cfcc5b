package dev.holdfast.gateway.control.status;

import dev.holdfast.api.GatewayNodeView;
import dev.holdfast.api.GatewayNodesApi;
import dev.holdfast.api.Page;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.gateway.activity.NodeActivity;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.service.annotation.GetExchange;

/** What this gateway does with the nodes. */
@RestController
@Tag(name = "Gateway")
final class GatewayNodesController implements GatewayNodesApi {

    private final Supplier<ClusterState> state;
    private final NodeActivity activity;

    GatewayNodesController(Supplier<ClusterState> state, NodeActivity activity) {
        this.state = state;
        this.activity = activity;
    }

    @Override
    @Operation(summary = "What this gateway does with one node")
    public GatewayNodeView node(NodeId id) {
        return activity.of(id);
    }

    /** The nodes of all clusters, ordered by id. */
    @GetExchange("/nodes")
    @Operation(summary = "What this gateway does with each node, ordered by id")
    Page<GatewayNodeView> nodes(
            @RequestParam Optional<NodeId> after, @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) int limit) {
        if (limit < 1 || limit > Page.MAX_LIMIT) {
            throw ProblemException.ofField(
                    ProblemCode.VALIDATION_FAILED, "limit", "must be between 1 and " + Page.MAX_LIMIT);
        }
        List<NodeId> ids = state.get().clusters().values().stream()
                .flatMap(members -> members.nodes().stream())
                .map(Node::id)
                .filter(id -> after.isEmpty() || id.compareTo(after.get()) > 0)
                .sorted()
                .limit(limit + 1L)
                .toList();
        List<GatewayNodeView> items =
                ids.stream().limit(limit).map(activity::of).toList();
        Optional<String> next =
                ids.size() > limit ? Optional.of(ids.get(limit - 1).value()) : Optional.empty();
        return new Page<>(items, next);
    }
}
