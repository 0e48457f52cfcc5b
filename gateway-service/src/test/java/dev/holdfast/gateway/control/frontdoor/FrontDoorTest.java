package dev.holdfast.gateway.control.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.gateway.control.ActivityForTests;
import dev.holdfast.gateway.control.ControlPlaneForTests;
import dev.holdfast.gateway.control.UpstreamForTests;
import dev.holdfast.gateway.control.UpstreamForTests.Asked;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import org.springframework.web.reactive.function.BodyInserters;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

class FrontDoorTest {

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : opened.reversed()) {
            closeable.close();
        }
    }

    private UpstreamForTests upstream(String name) {
        UpstreamForTests upstream = UpstreamForTests.named(name);
        opened.add(upstream);
        return upstream;
    }

    private WebTestClient gateway(String service, List<URI> replicas, String... settings) {
        String addresses = replicas.stream().map(URI::toString).collect(Collectors.joining(","));
        List<String> all = new ArrayList<>(Arrays.asList(settings));
        all.add("--holdfast.services." + service + "=" + addresses);
        ControlPlaneForTests plane = ControlPlaneForTests.start(
                new InMemoryClusterStateStore(InstantSource.system()),
                new ActivityForTests(),
                all.toArray(String[]::new));
        opened.add(plane);
        return plane.caller("admin");
    }

    private static String from(WebTestClient client, String path) {
        return String.valueOf(client.get()
                .uri(path)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody());
    }

    private static void expectAway(ResponseSpec response, String service) {
        response.expectStatus()
                .isEqualTo(503)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("service-unavailable")
                .jsonPath("$.traceId")
                .isNotEmpty()
                .jsonPath("$.detail")
                .value(detail -> assertThat((String) detail).contains(service));
    }

    @Test
    void takesTurnsOverTheReplicasOfAService() {
        WebTestClient client = gateway(
                "region", List.of(upstream("one").address(), upstream("two").address()));

        List<String> answers = List.of(
                from(client, "/api/v1/regions"), from(client, "/api/v1/regions"), from(client, "/api/v1/regions"));

        assertThat(answers).containsExactly("{\"from\":\"one\"}", "{\"from\":\"two\"}", "{\"from\":\"one\"}");
    }

    @Test
    void passesTheRequestOnAsItIsButForTheHeaderThatOnlyServicesMaySend() {
        UpstreamForTests health = upstream("health");
        WebTestClient client = gateway("health", List.of(health.address()));

        client.post()
                .uri("/api/v1/nodes/node-1/probe?deep={text}", "a b")
                .header("X-Holdfast-On-Behalf-Of", "someone-else")
                .header("If-Match", "\"42\"")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"why\":\"because\"}")
                .exchange()
                .expectStatus()
                .isOk();

        Asked asked = health.asked().getFirst();
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.uri()).hasToString("/api/v1/nodes/node-1/probe?deep=a%20b");
        assertThat(asked.body()).isEqualTo("{\"why\":\"because\"}");
        assertThat(asked.header("Authorization")).contains("Bearer admin-token");
        assertThat(asked.header("If-Match")).contains("\"42\"");
        assertThat(asked.header("X-Holdfast-On-Behalf-Of")).isEmpty();
        assertThat(asked.header("Traceparent")).isPresent();
    }

    @Test
    void asksTheNextReplicaWhateverTheMethodWhenOneRefusesTheConnection() {
        UpstreamForTests alive = upstream("alive");
        WebTestClient client = gateway("region", List.of(UpstreamForTests.refusing(), alive.address()));

        client.put()
                .uri("/api/v1/clusters/shop")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"nodes\":[]}")
                .exchange()
                .expectStatus()
                .isOk();

        assertThat(alive.asked()).hasSize(1);
        assertThat(alive.asked().getFirst().body()).isEqualTo("{\"nodes\":[]}");
    }

    @Test
    void repeatsOnlyWhatChangesNothingWhenAReplicaBreaksOff() {
        UpstreamForTests breaking = upstream("breaking");
        breaking.answer(exchange -> exchange.close());
        UpstreamForTests alive = upstream("alive");
        WebTestClient client = gateway(
                "region",
                List.of(breaking.address(), alive.address()),
                "--holdfast.gateway.front-door.avoid-failed-for=0s");

        ResponseSpec changed = client.delete().uri("/api/v1/clusters/shop").exchange();
        expectAway(changed, "region-service");
        assertThat(alive.asked()).isEmpty();

        from(client, "/api/v1/clusters");
        assertThat(from(client, "/api/v1/clusters")).isEqualTo("{\"from\":\"alive\"}");
    }

    @Test
    void asksTheNextReplicaWhenOneHangs() {
        UpstreamForTests hanging = upstream("hanging");
        hanging.answer(exchange -> {});
        WebTestClient client = gateway(
                "region",
                List.of(hanging.address(), upstream("alive").address()),
                "--holdfast.gateway.front-door.per-try-timeout=200ms");

        assertThat(from(client, "/api/v1/journal")).isEqualTo("{\"from\":\"alive\"}");
        assertThat(from(client, "/api/v1/journal")).isEqualTo("{\"from\":\"alive\"}");
        assertThat(from(client, "/api/v1/journal")).isEqualTo("{\"from\":\"alive\"}");
        assertThat(hanging.asked()).hasSize(1);
    }

    @Test
    void remembersAReplicaThatHangsAlsoWhenItWasAskedForAChange() {
        UpstreamForTests hanging = upstream("hanging");
        hanging.answer(exchange -> {});
        UpstreamForTests alive = upstream("alive");
        WebTestClient client = gateway(
                "failover",
                List.of(hanging.address(), alive.address()),
                "--holdfast.gateway.front-door.per-try-timeout=100ms",
                "--holdfast.gateway.front-door.request-timeout=1s",
                "--holdfast.gateway.front-door.avoid-failed-for=1m");

        expectAway(client.post().uri("/api/v1/nodes/node-1/drain").exchange(), "failover-service");
        for (int i = 0; i < 3; i++) {
            client.post()
                    .uri("/api/v1/nodes/node-1/drain")
                    .exchange()
                    .expectStatus()
                    .isOk();
        }
        assertThat(hanging.asked()).hasSize(1);
    }

    @Test
    void sendsAChangeOnceWhenTheReplicaResetsTheConnection() throws Exception {
        ResettingReplica resetting = new ResettingReplica();
        opened.add(resetting);
        WebTestClient client = gateway("failover", List.of(resetting.address()));

        client.post()
                .uri("/api/v1/nodes/node-1/drain")
                .exchange()
                .expectStatus()
                .isOk();
        expectAway(client.post().uri("/api/v1/nodes/node-2/drain").exchange(), "failover-service");
        assertThat(resetting.asked()).isEqualTo(2);
    }

    @Test
    void saysWhichServiceIsAway() {
        WebTestClient client = gateway("failover", List.of(UpstreamForTests.refusing(), UpstreamForTests.refusing()));

        expectAway(client.get().uri("/api/v1/operations").exchange(), "failover-service");
        expectAway(client.post().uri("/api/v1/nodes/node-1/drain").exchange(), "failover-service");
    }

    @Test
    void givesUpOnAServiceThatNeverAnswers() {
        UpstreamForTests hanging = upstream("hanging");
        hanging.answer(exchange -> {});
        WebTestClient client =
                gateway("region", List.of(hanging.address()), "--holdfast.gateway.front-door.request-timeout=300ms");

        expectAway(client.get().uri("/api/v1/regions").exchange(), "region-service");
    }

    @Test
    void passesOnWhatAServiceAnswersAlsoWhenItReportsAnError() {
        UpstreamForTests region = upstream("region");
        region.answer(exchange -> {
            exchange.getResponseHeaders().set("ETag", "\"7\"");
            UpstreamForTests.json(exchange, 409, "{\"code\":\"region-in-use\"}");
        });
        WebTestClient client = gateway("region", List.of(region.address(), region.address()));

        client.delete()
                .uri("/api/v1/regions/eu")
                .exchange()
                .expectStatus()
                .isEqualTo(409)
                .expectHeader()
                .valueEquals("ETag", "\"7\"")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("region-in-use");
        assertThat(region.asked()).hasSize(1);
    }

    @Test
    void refusesABodyThatIsTooLargeBeforeTheServiceSeesAnyOfIt() {
        UpstreamForTests region = upstream("region");
        WebTestClient client =
                gateway("region", List.of(region.address()), "--holdfast.gateway.front-door.max-body=1KB");

        ResponseSpec declared = client.put()
                .uri("/api/v1/clusters/shop")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("x".repeat(1025))
                .exchange();
        Flux<byte[]> chunks = Flux.range(0, 20).map(i -> "x".repeat(100).getBytes(StandardCharsets.UTF_8));
        ResponseSpec chunked = client.put()
                .uri("/api/v1/clusters/shop")
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .body(BodyInserters.fromDataBuffers(chunks.map(DefaultDataBufferFactory.sharedInstance::wrap)))
                .exchange();

        for (ResponseSpec response : List.of(declared, chunked)) {
            response.expectStatus()
                    .isEqualTo(413)
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("document-too-large");
        }
        assertThat(region.asked()).isEmpty();
    }

    @Test
    void letsStreamsRunOnPastTheTimeouts() {
        UpstreamForTests region = upstream("region");
        region.answer(FrontDoorTest::beginStream);
        WebTestClient client = gateway(
                "region",
                List.of(region.address(), region.address()),
                "--holdfast.gateway.front-door.request-timeout=1s",
                "--holdfast.gateway.front-door.per-try-timeout=500ms");

        for (MediaType accepted : List.of(MediaType.TEXT_EVENT_STREAM, MediaType.ALL)) {
            Flux<String> events = client.get()
                    .uri("/api/v1/journal")
                    .accept(accepted)
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .returnResult(String.class)
                    .getResponseBody();
            StepVerifier.create(events)
                    .expectNext("first")
                    .expectNoEvent(Duration.ofMillis(1_500))
                    .thenCancel()
                    .verify();
        }
    }

    @Test
    void asksTheNextReplicaForAStreamThatDoesNotBegin() {
        UpstreamForTests hanging = upstream("hanging");
        hanging.answer(exchange -> {});
        UpstreamForTests alive = upstream("alive");
        alive.answer(FrontDoorTest::beginStream);
        WebTestClient client = gateway(
                "region",
                List.of(hanging.address(), alive.address()),
                "--holdfast.gateway.front-door.per-try-timeout=200ms");

        StepVerifier.create(stream(client)).expectNext("first").thenCancel().verify(Duration.ofSeconds(10));
        assertThat(hanging.asked()).hasSize(1);
    }

    @Test
    void givesUpOnAStreamThatNeverBegins() {
        UpstreamForTests hanging = upstream("hanging");
        hanging.answer(exchange -> {});
        WebTestClient client =
                gateway("region", List.of(hanging.address()), "--holdfast.gateway.front-door.request-timeout=300ms");

        ResponseSpec response = client.get()
                .uri("/api/v1/journal/stream")
                .accept(MediaType.TEXT_EVENT_STREAM)
                .exchange();
        expectAway(response, "region-service");
    }

    @Test
    void endsStreamsInGoodOrderWhenTheControlPlaneCloses() {
        UpstreamForTests region = upstream("region");
        region.answer(FrontDoorTest::beginStream);
        ControlPlaneForTests plane = ControlPlaneForTests.start(
                new InMemoryClusterStateStore(InstantSource.system()),
                new ActivityForTests(),
                "--holdfast.services.region=" + region.address());
        opened.add(plane);

        StepVerifier.create(stream(plane.caller("read")))
                .expectNext("first")
                .then(plane::close)
                .expectComplete()
                .verify(Duration.ofSeconds(10));
    }

    private static Flux<String> stream(WebTestClient client) {
        return client.get()
                .uri("/api/v1/journal/stream")
                .accept(MediaType.TEXT_EVENT_STREAM)
                .exchange()
                .expectStatus()
                .isOk()
                .returnResult(String.class)
                .getResponseBody();
    }

    /** Sends one event and leaves the stream open. */
    private static void beginStream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write("data: first\n\n".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    @Test
    void refusesWhatTheTokenDoesNotAllowBeforeAnyServiceIsAsked() {
        UpstreamForTests region = upstream("region");
        UpstreamForTests failover = upstream("failover");
        ControlPlaneForTests plane = ControlPlaneForTests.start(
                new InMemoryClusterStateStore(InstantSource.system()),
                new ActivityForTests(),
                "--holdfast.services.region=" + region.address(),
                "--holdfast.services.failover=" + failover.address());
        opened.add(plane);

        String cluster = "/api/v1/clusters/shop";
        String drain = "/api/v1/nodes/node-1/drain";
        plane.stranger().get().uri(cluster).exchange().expectStatus().isUnauthorized();
        plane.caller("wrong").get().uri(cluster).exchange().expectStatus().isUnauthorized();
        plane.caller("read").post().uri(drain).exchange().expectStatus().isForbidden();
        plane.caller("operate")
                .method(HttpMethod.DELETE)
                .uri(cluster)
                .exchange()
                .expectStatus()
                .isForbidden()
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("forbidden")
                .jsonPath("$.detail")
                .isEqualTo("DELETE /api/v1/clusters/shop needs a token with the scope admin.");
        assertThat(region.asked()).isEmpty();
        assertThat(failover.asked()).isEmpty();

        plane.caller("read").get().uri(cluster).exchange().expectStatus().isOk();
        plane.caller("operate").post().uri(drain).exchange().expectStatus().isOk();
        plane.caller("operate").get().uri(cluster).exchange().expectStatus().isOk();
        plane.caller("admin").delete().uri(cluster).exchange().expectStatus().isOk();
    }

    @Test
    void knowsNoOtherPaths() {
        WebTestClient client = gateway("region", List.of(upstream("region").address()));

        client.get()
                .uri("/api/v1/nothing")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("not-found");
        client.post()
                .uri("/api/v1/status")
                .exchange()
                .expectStatus()
                .isEqualTo(405)
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("method-not-allowed");
    }
}
