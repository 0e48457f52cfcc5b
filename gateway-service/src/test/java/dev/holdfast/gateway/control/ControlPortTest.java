package dev.holdfast.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.store.memory.InMemoryClusterStateStore;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;

class ControlPortTest {

    private static final UpstreamForTests REGION =
            UpstreamForTests.answering(exchange -> UpstreamForTests.json(exchange, 200, """
                    {"openapi": "3.1.0", "paths": {
                      "/api/v1/regions": {"get": {"operationId": "regions"}},
                      "/api/v1/operations": {"get": {"operationId": "notHere"}}}}"""));

    private static ControlPlaneForTests plane;

    @BeforeAll
    static void start() {
        plane = ControlPlaneForTests.start(
                new InMemoryClusterStateStore(InstantSource.system()),
                new ActivityForTests(),
                "--holdfast.services.region=" + REGION.address(),
                "--holdfast.services.health=" + UpstreamForTests.refusing());
    }

    @AfterAll
    static void stop() {
        plane.close();
        REGION.close();
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

    @Test
    void answersWhetherThereIsAStreamWithoutBeginningOne() {
        plane.caller("read")
                .head()
                .uri("/api/v1/status/stream")
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .contentTypeCompatibleWith(MediaType.TEXT_EVENT_STREAM)
                .expectBody()
                .isEmpty();
    }

    @Test
    void describesAllServicesInOneDocumentAndNamesTheOnesThatAreAway() {
        plane.stranger()
                .get()
                .uri("/v3/api-docs")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.info.description")
                .value(text -> assertThat((String) text).endsWith("health-service, failover-service."))
                .jsonPath("$.paths['/api/v1/regions'].get.operationId")
                .isEqualTo("regions")
                .jsonPath("$.paths['/api/v1/operations']")
                .doesNotExist()
                .jsonPath("$.paths['/api/v1/status'].get")
                .exists()
                .jsonPath("$.paths['/api/v1/gateway/nodes/{id}'].get")
                .exists()
                .jsonPath("$.components.schemas.NodeStatus.properties.address.type")
                .isEqualTo("string")
                .jsonPath("$.components.securitySchemes.bearer.scheme")
                .isEqualTo("bearer");
        assertThat(REGION.asked()).hasSize(1);
    }

    @Test
    void servesTheSwaggerUiFromItself() {
        plane.stranger().get().uri("/swagger-ui.html").exchange().expectStatus().is3xxRedirection();
        for (String path : List.of(
                "/swagger-ui/index.html", "/swagger-ui/swagger-ui-bundle.js", "/swagger-ui/swagger-initializer.js")) {
            String body = text(path);
            assertThat(body).as(path).isNotEmpty();
        }
        assertThat(text("/swagger-ui/swagger-initializer.js")).contains("/v3/api-docs/gateway-service/swagger-config");
        plane.stranger()
                .get()
                .uri("/v3/api-docs/gateway-service/swagger-config")
                .exchange()
                .expectBody()
                .jsonPath("$.url")
                .isEqualTo("/v3/api-docs");
    }

    @Test
    void servesAStatusPageThatNeedsNothingFromElsewhere() {
        plane.stranger()
                .get()
                .uri("/")
                .accept(MediaType.TEXT_HTML)
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .contentTypeCompatibleWith(MediaType.TEXT_HTML)
                .expectHeader()
                .value(
                        "Content-Security-Policy",
                        policy -> assertThat(policy)
                                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                                .doesNotContain("unsafe"))
                .expectHeader()
                .valueEquals("X-Content-Type-Options", "nosniff")
                .expectHeader()
                .valueEquals("Referrer-Policy", "no-referrer");
        String page = text("/");
        assertThat(page).contains("<title>Status · Holdfast</title>").doesNotContain("http://", "https://");
        assertThat(page).doesNotContainPattern("<script(?![^>]* src=)").doesNotContain(" style=", " onclick=");
        assertThat(text("/status.js")).doesNotContain("innerHTML", "insertAdjacentHTML", "eval(");
        assertThat(text("/status.css")).doesNotContain("url(");
    }

    private static String text(String path) {
        return String.valueOf(plane.stranger()
                .get()
                .uri(path)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody());
    }
}
