package dev.holdfast.gateway.control.status;

import dev.holdfast.gateway.activity.NodeActivity;
import dev.holdfast.gateway.control.ControlPlaneClosing;
import dev.holdfast.model.store.ClusterStateReplica;
import java.util.function.Supplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Serves the status from what both planes share. */
@Configuration(proxyBeanMethods = false)
public class StatusConfiguration {

    @Bean
    StatusController statusController(
            ClusterStateReplica replica, NodeActivity activity, JsonMapper mapper, ControlPlaneClosing closing) {
        Supplier<StatusView> status = () -> StatusProjection.project(
                replica.state(), replica.inContact(), activity.tableRevision(), activity::of, activity::inPanic);
        return new StatusController(status, new StatusFeed(status, mapper, closing.signal()));
    }

    @Bean
    GatewayNodesController gatewayNodesController(ClusterStateReplica replica, NodeActivity activity) {
        return new GatewayNodesController(replica::state, activity);
    }
}
