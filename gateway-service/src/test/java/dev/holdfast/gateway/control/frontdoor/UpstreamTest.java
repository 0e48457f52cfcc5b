package dev.holdfast.gateway.control.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamTest {

    @ParameterizedTest
    @CsvSource({
        "/api/v1/regions, REGION",
        "/api/v1/regions/eu, REGION",
        "/api/v1/clusters, REGION",
        "/api/v1/clusters/shop, REGION",
        "/api/v1/clusters/shop/rolling-restart, FAILOVER",
        "/api/v1/clusters/shop/switchover/cancel, FAILOVER",
        "/api/v1/clusters/shop/failover/pause, FAILOVER",
        "/api/v1/failovers/pause, FAILOVER",
        "/api/v1/nodes, REGION",
        "/api/v1/nodes/health, REGION",
        "/api/v1/nodes/node-1, REGION",
        "/api/v1/nodes/node-1/admin-state, REGION",
        "/api/v1/nodes/node-1/health, HEALTH",
        "/api/v1/nodes/{id}/health, HEALTH",
        "/api/v1/nodes/node-1/probe, HEALTH",
        "/api/v1/nodes/node-1/hints, HEALTH",
        "/api/v1/nodes/node-1/health/x, REGION",
        "/api/v1/nodes/node-1/drain, FAILOVER",
        "/api/v1/nodes/node-1/maintenance, FAILOVER",
        "/api/v1/nodes/node-1/enable, FAILOVER",
        "/api/v1/observers, HEALTH",
        "/api/v1/observers/one, HEALTH",
        "/api/v1/operations/42/cancel, FAILOVER",
        "/api/v1/journal, REGION",
        "/api/v1/journal/stream, REGION"
    })
    void sendsEachPathToTheServiceThatServesIt(String path, Upstream expected) {
        assertThat(Upstream.serving(path)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api/v1",
                "/api/v1/",
                "/api/v1/status",
                "/api/v1/gateway/nodes",
                "/api/v1/regionsx",
                "/api/v2/regions",
                "/actuator/health",
                "/v3/api-docs"
            })
    void leavesEverythingElseToTheGateway(String path) {
        assertThat(Upstream.serving(path)).isEmpty();
    }
}
