package dev.holdfast.gateway.control.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.gateway.control.ActivityForTests;
import dev.holdfast.gateway.control.ControlPlaneForTests;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class StatusTest {

    private final InMemoryClusterStateStore store = new InMemoryClusterStateStore(InstantSource.system());
    private final ActivityForTests activity = new ActivityForTests();
    private ControlPlaneForTests plane;
    private WebTestClient client;

    @BeforeEach
    void start() {
        Installation.declare(store);
        plane = ControlPlaneForTests.start(store, activity);
        client = plane.caller("read");
        await().until(() -> !status().contains("\"clusters\":[]"));
    }

    @AfterEach
    void stop() {
        plane.close();
    }

    private String status() {
        return String.valueOf(client.get()
                .uri("/api/v1/status")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody());
    }

    private Flux<String> stream() {
        return client.get()
                .uri("/api/v1/status/stream")
                .accept(MediaType.TEXT_EVENT_STREAM)
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .contentTypeCompatibleWith(MediaType.TEXT_EVENT_STREAM)
                .returnResult(String.class)
                .getResponseBody();
    }

    @Test
    void showsRegionsClustersAndNodesAlsoWhenTheStoreIsAway() {
        activity.tell("node-2", true, 3, Optional.of(Instant.parse("2026-01-01T11:00:00Z")));
        Installation.setAdminState(store, "node-3", AdminState.DRAINING);
        activity.tell("node-3", false, 1, Optional.empty());
        await().until(() -> status().contains("DRAINING"));
        store.goAway();
        await().until(() -> status().contains("\"storeInContact\":false"));

        client.get()
                .uri("/api/v1/status")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .json("""
                        {
                          "tableRevision": 7,
                          "storeInContact": false,
                          "regions": [
                            {"id": "eu", "displayName": "Europe", "zones": ["a", "b"], "nodes": 3, "takingTraffic": 1}
                          ],
                          "clusters": [{
                            "id": "shop", "nodes": 3, "healthy": 3, "takingTraffic": 1, "panic": false,
                            "members": [
                              {"id": "node-1", "region": "eu", "zone": "a", "address": "10.0.0.1:8080", "weight": 1,
                               "adminState": "ENABLED", "phase": "SERVING", "health": "HEALTHY",
                               "since": "2026-01-01T10:00:00Z", "reason": "2 of 3 observers hold it up",
                               "takesTraffic": true, "outstanding": 0},
                              {"id": "node-2", "takesTraffic": false, "outstanding": 3,
                               "ejectedUntil": "2026-01-01T11:00:00Z"},
                              {"id": "node-3", "adminState": "DRAINING", "takesTraffic": false, "outstanding": 1}
                            ]
                          }]
                        }""");
        client.get()
                .uri("/api/v1/gateway/nodes/node-2")
                .exchange()
                .expectStatus()
                .isOk();
    }

    @Test
    void showsTheRoleOfEachNodeAndThePrimaryOfAClusterThatHasOne() {
        Installation.declareOrders(store);
        await().until(() -> status().contains("pg-2"));

        client.get()
                .uri("/api/v1/status")
                .exchange()
                .expectBody()
                .json("""
                        {"clusters": [
                          {"id": "orders", "primary": {"phase": "STEADY", "epoch": 1, "primary": "pg-1"},
                           "members": [{"id": "pg-1", "role": "PRIMARY"}, {"id": "pg-2", "role": "STANDBY"}]},
                          {"id": "shop",
                           "members": [{"id": "node-1", "role": "ACTIVE"}, {"id": "node-2"}, {"id": "node-3"}]}
                        ]}""")
                .jsonPath("$.clusters[1].primary")
                .doesNotExist();
    }

    @Test
    void countsEveryServingNodeAsTakingTrafficInPanic() {
        activity.tell("node-1", false, 0, Optional.empty());
        activity.tell("node-2", false, 0, Optional.empty());
        activity.panic("shop");

        client.get()
                .uri("/api/v1/status")
                .exchange()
                .expectBody()
                .jsonPath("$.clusters[0].panic")
                .isEqualTo(true)
                .jsonPath("$.clusters[0].takingTraffic")
                .isEqualTo(3);
    }

    @Test
    void streamsTheWholeStatusAtOnceAndAfterEachChange() {
        StepVerifier.create(stream())
                .assertNext(first -> assertThat(first).contains("\"node-1\"").doesNotContain("MAINTENANCE"))
                .then(() -> Installation.setAdminState(store, "node-1", AdminState.MAINTENANCE))
                .assertNext(second -> assertThat(second).contains("MAINTENANCE"))
                .thenCancel()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void endsTheStreamsWhenTheGatewayStops() {
        StepVerifier.create(stream())
                .expectNextCount(1)
                .then(plane::close)
                .expectComplete()
                .verify(Duration.ofSeconds(10));
    }

    @Test
    void pagesThroughWhatTheGatewayDoesWithTheNodes() {
        client.get()
                .uri("/api/v1/gateway/nodes?limit=2")
                .exchange()
                .expectBody()
                .jsonPath("$.items.length()")
                .isEqualTo(2)
                .jsonPath("$.next")
                .isEqualTo("node-2");
        client.get()
                .uri("/api/v1/gateway/nodes?limit=2&after=node-2")
                .exchange()
                .expectBody()
                .jsonPath("$.items[0].node")
                .isEqualTo("node-3")
                .jsonPath("$.next")
                .doesNotExist();
    }

    @Test
    void namesTheParameterThatIsWrong() {
        client.get()
                .uri("/api/v1/gateway/nodes?limit=0")
                .exchange()
                .expectStatus()
                .isEqualTo(422)
                .expectBody()
                .jsonPath("$.errors[0].field")
                .isEqualTo("limit");
        client.get()
                .uri("/api/v1/gateway/nodes/Not_A_Node")
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("malformed-request")
                .jsonPath("$.errors[0].field")
                .isEqualTo("id")
                .jsonPath("$.errors[0].message")
                .value(message -> assertThat((String) message).contains("lower-case letters"));
    }
}
