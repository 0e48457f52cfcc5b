package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.model.topology.NodeId;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class DataPlaneLimitsTest {

    private static final int MEBIBYTE = 1024 * 1024;

    private final List<TestNode> nodes = List.of(new TestNode("node-1"), new TestNode("node-2"));

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // Each test starts it.
    private TestGateway gateway;

    @AfterEach
    void stop() {
        gateway.close();
        nodes.forEach(TestNode::close);
    }

    private void start(Duration requestTimeout, String... limits) {
        gateway = TestGateway.start(
                folder,
                List.of(limits).stream()
                        .map(limit -> "--holdfast.gateway.limits." + limit)
                        .toArray(String[]::new));
        gateway.declare(Settings.withRequestTimeout(requestTimeout), nodes);
    }

    private int arrivals() {
        return nodes.stream().mapToInt(TestNode::arrivals).sum();
    }

    private int outstanding() {
        return nodes.stream()
                .mapToInt(node -> gateway.activity().of(new NodeId(node.name())).outstanding())
                .sum();
    }

    private void expectNoBlame() {
        assertThat(nodes).allSatisfy(node -> {
            NodeId id = new NodeId(node.name());
            assertThat(gateway.activity().lastFailure(id)).isEmpty();
            assertThat(gateway.activity().of(id).ejectedUntil()).isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "DELETE"})
    void refusesABodyThatWouldHaveToBeHeldInMemory(String method) {
        start(Duration.ofSeconds(2));
        HttpResponse<String> announced = gateway.send(HttpRequest.newBuilder(gateway.url("/"))
                .method(method, BodyPublishers.ofByteArray(new byte[MEBIBYTE + 1])));
        assertThat(announced.statusCode()).isEqualTo(413);
        assertThat(arrivals()).isZero();

        Flux<ByteBuffer> parts = Flux.range(0, 40).map(i -> ByteBuffer.allocate(MEBIBYTE / 32));
        HttpResponse<String> chunked = gateway.send(HttpRequest.newBuilder(gateway.url("/"))
                .method(method, BodyPublishers.fromPublisher(JdkFlowAdapter.publisherToFlowPublisher(parts))));
        assertThat(chunked.statusCode()).isEqualTo(413);
        expectNoBlame();

        HttpResponse<String> small = gateway.send(HttpRequest.newBuilder(gateway.url("/"))
                .method(method, BodyPublishers.ofByteArray(new byte[MEBIBYTE])));
        assertThat(small.statusCode()).isEqualTo(200);
    }

    @Test
    void doesNotBlameNodesForAClientThatFallsSilent() {
        start(Duration.ofSeconds(2), "body-idle=200ms");
        nodes.forEach(node -> node.behave((request, response) ->
                request.receive().then(response.sendString(Mono.just("whole")).then())));
        for (int i = 0; i < 10; i++) {
            try (RawClient client = new RawClient(gateway)) {
                client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nsome");
                assertThat(client.received()).startsWith("HTTP/1.1 408 ").contains("request-timeout");
            }
        }
        expectNoBlame();
        await().until(() -> outstanding() == 0);
    }

    @Test
    void takesAnUploadThatLastsLongerThanAnAnswerMay() {
        start(Duration.ofMillis(500), "body-idle=5s");
        nodes.forEach(node -> node.behave(
                (request, response) -> response.send(request.receive().retain())));
        Flux<ByteBuffer> parts =
                Flux.interval(Duration.ofMillis(100)).take(12).map(i -> ByteBuffer.wrap(new byte[] {'x'}));
        HttpResponse<String> response = gateway.send(HttpRequest.newBuilder(gateway.url("/"))
                .POST(BodyPublishers.fromPublisher(JdkFlowAdapter.publisherToFlowPublisher(parts), 12)));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("x".repeat(12));

        nodes.forEach(node -> node.behave((request, response2) ->
                request.receive().then(response2.sendString(Mono.just("late")).then())));
        Flux<ByteBuffer> again =
                Flux.interval(Duration.ofMillis(100)).take(12).map(i -> ByteBuffer.wrap(new byte[] {'x'}));
        assertThat(gateway.send(HttpRequest.newBuilder(gateway.url("/"))
                                .POST(BodyPublishers.fromPublisher(JdkFlowAdapter.publisherToFlowPublisher(again), 12)))
                        .body())
                .isEqualTo("late");
        expectNoBlame();
    }

    @Test
    void blamesANodeThatTakesNothingOfABody() {
        start(Duration.ofMillis(500), "body-idle=5s");
        nodes.forEach(node -> node.behave(TestNode.hanging()));
        HttpResponse<String> response = gateway.send(
                HttpRequest.newBuilder(gateway.url("/")).POST(BodyPublishers.ofByteArray(new byte[48 * MEBIBYTE])));
        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(nodes.stream()
                        .filter(node -> gateway.activity()
                                .lastFailure(new NodeId(node.name()))
                                .isPresent()))
                .hasSize(1);
    }

    @Test
    void closesConnectionsThatNoRequestComesOn() {
        start(Duration.ofSeconds(2), "client-idle=400ms");
        try (RawClient silent = new RawClient(gateway);
                RawClient slow = new RawClient(gateway);
                RawClient kept = new RawClient(gateway)) {
            kept.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            slow.send("GET / HTTP/1.1\r\nHost");
            assertThat(silent.received()).isEmpty();
            assertThat(slow.received()).isEmpty();
            assertThat(kept.received()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void closesAConnectionWhoseRequestComesByteAfterByte() {
        start(Duration.ofSeconds(2), "client-idle=400ms");
        try (RawClient slow = new RawClient(gateway)) {
            slow.send("GET / HTTP/1.1\r\nx-slow: ");
            await().atMost(Duration.ofSeconds(10))
                    .pollInterval(Duration.ofMillis(50))
                    .untilAsserted(
                            () -> assertThatThrownBy(() -> slow.send("x")).hasCauseInstanceOf(IOException.class));
        }
    }

    @Test
    void breaksAnAnswerOffThatStandsStill() {
        start(Duration.ofSeconds(2), "answer-idle=400ms");
        nodes.forEach(node -> node.behave(
                (request, response) -> response.sendString(Flux.concat(Mono.just("first"), Mono.<String>never()))));
        assertThatThrownBy(() -> gateway.get("/")).hasRootCauseInstanceOf(IOException.class);
        await().until(() -> outstanding() == 0);
        expectNoBlame();
    }

    @Test
    void waitsLongerForAnAnswerToBeginThanItMayStandStill() {
        start(Duration.ofSeconds(5), "answer-idle=200ms");
        nodes.forEach(node -> node.behave((request, response) -> Mono.delay(Duration.ofSeconds(1))
                .then(response.sendString(Mono.just("slow")).then())));
        assertThat(gateway.post("/", "").body()).isEqualTo("slow");
    }

    @Test
    void passesOnWhatBrowsersSendAsItIs() {
        start(Duration.ofSeconds(2));
        try (RawClient browser = new RawClient(gateway)) {
            browser.send("GET /a|b?q={x}^2&off=100%&\u00c3\u00bc HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
            assertThat(browser.received())
                    .startsWith("HTTP/1.1 200 ")
                    .endsWith(" GET /a%7Cb?q=%7Bx%7D%5E2&off=100%25&%C3%BC");
        }
    }

    @Test
    void takesLongUrlsAndLargeHeadersBothWays() {
        start(Duration.ofSeconds(2));
        String query = "q".repeat(15_000);
        assertThat(gateway.get("/?" + query).body()).endsWith(query);

        nodes.forEach(node -> node.behave((request, response) -> response.header("x-large", "y".repeat(50_000))
                .sendString(Mono.just(
                        String.valueOf(request.requestHeaders().get("x-large").length())))));
        HttpResponse<String> response =
                gateway.send(HttpRequest.newBuilder(gateway.url("/")).header("x-large", "y".repeat(50_000)));
        assertThat(response.body()).isEqualTo("50000");
        assertThat(response.headers().firstValue("x-large").orElseThrow()).hasSize(50_000);
    }

    @Test
    void doesNotBlameNodesForHeadersThatAreTooLarge() {
        start(Duration.ofSeconds(2));
        nodes.forEach(node -> node.behave((request, response) ->
                response.header("x-large", "y".repeat(70_000)).sendString(Mono.just("too much"))));
        for (int i = 0; i < 12; i++) {
            HttpResponse<String> response = gateway.get("/");
            assertThat(response.statusCode()).isEqualTo(502);
            assertThat(response.body()).contains("larger headers");
        }
        assertThat(arrivals()).isEqualTo(12);
        expectNoBlame();
    }
}
