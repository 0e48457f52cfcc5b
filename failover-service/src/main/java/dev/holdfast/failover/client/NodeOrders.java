package dev.holdfast.failover.client;

import dev.holdfast.api.AdminStateRequest;
import dev.holdfast.api.NodeView;
import dev.holdfast.api.NodesApi;
import dev.holdfast.api.VersionTag;
import dev.holdfast.api.access.OnBehalfOf;
import dev.holdfast.failover.operation.Action;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.web.client.RestClientException;

/** Orders admin states at region-service, in the name of the user who started the operation. */
public final class NodeOrders {

    private final Replicas<NodesApi> regionService;

    public NodeOrders(Replicas<NodesApi> regionService) {
        this.regionService = regionService;
    }

    /** Sets the state unless the node has changed meanwhile. Throws a {@link RestClientException} when it was not set. */
    public NodeView set(Action.SetAdminState order, String onBehalfOf) {
        Map<String, String> headers =
                Map.of(OnBehalfOf.HEADER, onBehalfOf, HttpHeaders.IF_MATCH, VersionTag.of(order.basedOn()));
        AdminStateRequest request = new AdminStateRequest(order.adminState(), Optional.of(order.reason()));
        return CallHeaders.with(
                headers, () -> regionService.call(api -> api.setAdminState(order.node(), order.force(), request)));
    }
}
