package dev.holdfast.gateway.control;

import dev.holdfast.store.memory.InMemoryClusterStateStore;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;

class ControlPortTest {

    private static ControlPlaneForTests plane;

    @BeforeAll
    static void start() {
        plane = ControlPlaneForTests.start(
                new InMemoryClusterStateStore(InstantSource.system()), new ActivityForTests());
    }

    @AfterAll
    static void stop() {
        plane.close();
    }

    @Test
    void tellsProbesWhetherItIsAliveAndReadyWithoutToken() {
        for (String path :
                new String[] {"/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness"}) {
            plane.stranger()
                    .get()
                    .uri(path)
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectBody()
                    .jsonPath("$.status")
                    .isEqualTo("UP");
        }
    }

    @Test
    void showsMetricsToReadersOnly() {
        plane.stranger()
                .get()
                .uri("/actuator/prometheus")
                .exchange()
                .expectStatus()
                .isUnauthorized();
        plane.caller("read")
                .get()
                .uri("/actuator/prometheus")
                .exchange()
                .expectStatus()
                .isOk();
    }

    @Test
    void asksForATokenWithAProblem() {
        plane.stranger()
                .get()
                .uri("/api/v1/status")
                .exchange()
                .expectStatus()
                .isUnauthorized()
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectHeader()
                .valueEquals("WWW-Authenticate", "Bearer")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("unauthenticated")
                .jsonPath("$.type")
                .isEqualTo("urn:holdfast:problem:unauthenticated")
                .jsonPath("$.traceId")
                .isNotEmpty();
    }
}
