package dev.holdfast.gateway.control;

import dev.holdfast.store.memory.InMemoryClusterStateStore;
import java.time.InstantSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesTest {

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health", "/v3/api-docs", "/swagger-ui/x"})
    void letsNobodyInByAHeaderThatOnlyProxiesMaySend(String prefix) {
        try (ControlPlaneForTests plane = ControlPlaneForTests.start(
                new InMemoryClusterStateStore(InstantSource.system()),
                new ActivityForTests(),
                "--spring.main.cloud-platform=kubernetes")) {
            plane.stranger()
                    .get()
                    .uri("/api/v1/status")
                    .header("X-Forwarded-Prefix", prefix)
                    .exchange()
                    .expectStatus()
                    .isUnauthorized();
        }
    }
}
