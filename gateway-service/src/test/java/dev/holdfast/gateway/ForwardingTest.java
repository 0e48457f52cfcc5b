package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.NodeId;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class ForwardingTest {

    private final List<TestNode> nodes = new ArrayList<>();
    private TestGateway gateway;

    @BeforeEach
    void start(@TempDir Path folder) {
        for (int i = 1; i <= 4; i++) {
            nodes.add(new TestNode("node-" + i));
        }
        gateway = TestGateway.start(folder);
        gateway.declare(Settings.fast(), nodes);
    }

    @AfterEach
    void stop() {
        gateway.close();
        nodes.forEach(TestNode::close);
    }

    @Test
    void spreadsRequestsEvenly() {
        Map<String, Integer> served = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            HttpResponse<String> response = gateway.get("/a%2Fb/ü?q=%20x".replace("ü", "%C3%BC"));
            assertThat(response.statusCode()).isEqualTo(200);
            String by = response.headers().firstValue("x-served-by").orElseThrow();
            assertThat(response.body()).isEqualTo(by + " GET /a%2Fb/%C3%BC?q=%20x");
            served.merge(by, 1, Integer::sum);
        }
        assertThat(served)
                .hasSize(4)
                .allSatisfy((name, count) -> assertThat(count).isEqualTo(10));
    }

    @Test
    void losesNoGetWhenANodeDiesAndReturns() {
        try (Load load = new Load(gateway, 16)) {
            load.letPass(300);
            nodes.get(1).kill();
            load.letPass(1000);
            nodes.get(1).restart();
            load.letPass(500);
            assertThat(load.stop()).containsOnlyKeys("200");
        }
    }

    @Test
    void losesNoGetWhenANodeHangs() {
        try (Load load = new Load(gateway, 16)) {
            load.letPass(300);
            nodes.get(2).behave(TestNode.hanging());
            load.letPass(1000);
            assertThat(load.stop()).containsOnlyKeys("200");
        }
        assertThat(gateway.activity().of(new NodeId("node-3")).ejectedUntil()).isPresent();
        await().untilAsserted(() -> assertThat(
                        gateway.activity().of(new NodeId("node-3")).outstanding())
                .isZero());
    }

    @Test
    void losesNoGetWhenANodeResetsConnections() {
        try (Load load = new Load(gateway, 16)) {
            load.letPass(100);
            nodes.get(0).behave(TestNode.resetting());
            load.letPass(1000);
            assertThat(load.stop()).containsOnlyKeys("200");
        }
    }

    @Test
    void ejectsANodeThatAnswers503AfterFiveFailuresAndTakesItBackWhenTheEjectionEnds() {
        nodes.get(3).behave(TestNode.status(503));
        try (Load load = new Load(gateway, 1)) {
            load.letPass(60);
            assertThat(load.stop()).containsOnlyKeys("200");
        }
        int arrivals = nodes.get(3).arrivals();
        assertThat(arrivals).isEqualTo(5);
        nodes.get(3).behave(nodes.get(3).answering());
        await().atMost(Duration.ofSeconds(5))
                .until(() ->
                        gateway.get("/").statusCode() == 200 && nodes.get(3).arrivals() > arrivals);
    }

    @Test
    void endsAnEjectionEarlyWhenTheObserversFindTheNodeHealthyAgain() {
        gateway.redeclare(Settings.withLongEjections());
        nodes.get(3).behave(TestNode.status(502));
        for (int i = 0; i < 40; i++) {
            assertThat(gateway.get("/").statusCode()).isEqualTo(200);
        }
        NodeId node = new NodeId("node-4");
        assertThat(gateway.activity().of(node).ejectedUntil()).isPresent();
        gateway.judge(nodes.get(3), HealthStatus.UNHEALTHY);
        gateway.judge(nodes.get(3), HealthStatus.HEALTHY);
        assertThat(gateway.activity().of(node).ejectedUntil()).isEmpty();
    }

    @Test
    void doesNotRepeatAPostThatReachedANode() {
        nodes.forEach(node -> node.behave(TestNode.resetting()));
        HttpResponse<String> response = gateway.post("/order", "one");
        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(response.body()).contains("bad-gateway").doesNotContain("127.0.0.1");
        assertThat(nodes.stream().mapToInt(TestNode::arrivals).sum()).isEqualTo(1);
    }

    @Test
    void sendsAPostElsewhereWhenTheConnectionIsRefused() {
        nodes.get(0).kill();
        nodes.get(1).kill();
        for (int i = 0; i < 12; i++) {
            HttpResponse<String> response = gateway.post("/order", "one");
            assertThat(response.statusCode()).isEqualTo(200);
        }
        assertThat(nodes.stream().mapToInt(TestNode::arrivals).sum()).isEqualTo(12);
    }

    @Test
    void passesTheLastAnswerOnWhenEveryNodeFails() {
        nodes.forEach(node -> node.behave(TestNode.status(503)));
        HttpResponse<String> response = gateway.get("/");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).isEqualTo("no 503");
    }

    @Test
    void answersWithAProblemWhenNoNodeIsThere() {
        nodes.forEach(gateway::removeNode);
        HttpResponse<String> response = gateway.get("/");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("no-node-available");
    }

    @Test
    void answersWithATimeoutWhenEveryNodeHangs() {
        nodes.forEach(node -> node.behave(TestNode.hanging()));
        HttpResponse<String> response = gateway.get("/");
        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(response.body()).contains("gateway-timeout");
    }

    @Test
    void keepsWaitingForASlowNodeWhenThereIsNoOtherToAsk() {
        for (int i = 1; i < 4; i++) {
            gateway.removeNode(nodes.get(i));
        }
        nodes.get(0)
                .behave((request, response) -> Mono.delay(Duration.ofMillis(900))
                        .then(response.sendString(Mono.just("slow")).then()));
        assertThat(gateway.get("/").body()).isEqualTo("slow");
        assertThat(nodes.get(0).arrivals()).isEqualTo(1);
    }

    @Test
    void letsASlowRequestOfADrainingNodeEndAndSendsItNoOther() {
        TestNode slow = nodes.get(0);
        for (int i = 1; i < 4; i++) {
            gateway.setAdminState(nodes.get(i), AdminState.MAINTENANCE);
        }
        slow.behave((request, response) -> response.sendString(Flux.concat(
                        Mono.just("first "), Mono.delay(Duration.ofMillis(800)).thenReturn("second"))
                .cast(String.class)));
        CompletableFuture<HttpResponse<String>> answer = gateway.client()
                .sendAsync(HttpRequest.newBuilder(gateway.url("/slow")).build(), HttpResponse.BodyHandlers.ofString());
        NodeId id = new NodeId(slow.name());
        await().until(() -> slow.arrivals() == 1);
        gateway.setAdminState(nodes.get(1), AdminState.ENABLED);
        gateway.setAdminState(slow, AdminState.DRAINING);
        assertThat(gateway.activity().of(id).outstanding()).isEqualTo(1);
        assertThat(gateway.activity().of(id).takesTraffic()).isFalse();
        for (int i = 0; i < 10; i++) {
            assertThat(gateway.get("/").statusCode()).isEqualTo(200);
        }
        assertThat(answer.join().body()).isEqualTo("first second");
        await().until(() -> gateway.activity().of(id).outstanding() == 0);
        assertThat(slow.arrivals()).isEqualTo(1);
    }

    @Test
    void addsAndRemovesNodesUnderLoadWithoutAnError() {
        TestNode fifth = new TestNode("node-5");
        nodes.add(fifth);
        try (Load load = new Load(gateway, 16)) {
            load.letPass(200);
            gateway.addNode(fifth, "a");
            load.letPass(500);
            gateway.removeNode(nodes.get(0));
            gateway.setAdminState(nodes.get(1), AdminState.DRAINING);
            load.letPass(500);
            int before = nodes.get(0).arrivals() + nodes.get(1).arrivals();
            load.letPass(300);
            assertThat(nodes.get(0).arrivals() + nodes.get(1).arrivals()).isEqualTo(before);
            assertThat(load.stop()).containsOnlyKeys("200");
        }
        assertThat(fifth.arrivals()).isPositive();
    }

    @Test
    void spreadsOverAllServingNodesInPanicButNeverOverADrainingOne() {
        gateway.setAdminState(nodes.get(3), AdminState.DRAINING);
        gateway.judge(nodes.get(0), HealthStatus.UNHEALTHY);
        gateway.judge(nodes.get(1), HealthStatus.UNHEALTHY);
        for (int i = 0; i < 12; i++) {
            assertThat(gateway.get("/").statusCode()).isEqualTo(200);
        }
        assertThat(nodes.get(0).arrivals()).isEqualTo(4);
        assertThat(nodes.get(3).arrivals()).isZero();
    }

    @Test
    void streamsBodiesBothWays() {
        nodes.forEach(node -> node.behave(
                (request, response) -> response.send(request.receive().retain())));
        String body = "0123456789abcdef".repeat(10 * 1024 * 1024 / 16);
        HttpResponse<String> response = gateway.post("/echo", body);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).hasSize(body.length()).isEqualTo(body);
    }

    @Test
    void givesUpOnTheNodeWhenTheClientLeaves() {
        nodes.forEach(node -> node.behave(TestNode.hanging()));
        CompletableFuture<HttpResponse<String>> answer = gateway.client()
                .sendAsync(
                        HttpRequest.newBuilder(gateway.url("/"))
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        await().until(() -> nodes.stream().mapToInt(TestNode::arrivals).sum() == 1);
        assertThat(outstanding()).isEqualTo(1);
        answer.cancel(true);
        await().atMost(Duration.ofSeconds(2)).until(() -> outstanding() == 0);
    }

    private int outstanding() {
        return nodes.stream()
                .mapToInt(node -> gateway.activity().of(new NodeId(node.name())).outstanding())
                .sum();
    }

    @Test
    void preservesTheHostAndTellsWhoAsks() {
        nodes.forEach(node ->
                node.behave((request, response) -> response.sendString(Mono.just(request.requestHeaders()
                                .get("Host") + "|" + request.requestHeaders().getAll("X-Forwarded-For") + "|"
                        + request.requestHeaders().get("x-request-id")))));
        HttpResponse<String> response = gateway.send(HttpRequest.newBuilder(gateway.url("/"))
                .header("X-Forwarded-For", "6.6.6.6")
                .header("x-request-id", "abc"));
        assertThat(response.body()).isEqualTo("127.0.0.1:" + gateway.process().dataPort() + "|[127.0.0.1]|abc");
    }

    @Test
    void believesNoClientsForwardedHeadersAlsoOnKubernetes(@TempDir Path folder) {
        try (TestGateway onKubernetes = TestGateway.start(folder, "--spring.main.cloud-platform=kubernetes")) {
            onKubernetes.declare(Settings.fast(), nodes);
            nodes.forEach(node -> node.behave((request, response) -> response.sendString(
                    Mono.just(request.uri() + "|" + request.requestHeaders().getAll("X-Forwarded-For")))));
            for (String claimed : List.of("6.6.6.6", "a.host.name")) {
                HttpResponse<String> response = onKubernetes.send(HttpRequest.newBuilder(onKubernetes.url("/path"))
                        .header("X-Forwarded-For", claimed)
                        .header("X-Forwarded-Prefix", "/prefix"));
                assertThat(response.body()).isEqualTo("/path|[127.0.0.1]");
            }
        }
    }

    @Test
    void breaksTheConnectionWhenANodeBreaksOffInTheMiddleOfItsAnswer() {
        nodes.forEach(node -> node.behave(TestNode.breakingOff()));
        assertThatThrownBy(() -> gateway.get("/")).hasRootCauseInstanceOf(java.io.IOException.class);
        await().until(() -> outstanding() == 0);
    }

    @Test
    void servesNoControlPathOnTheDataPort() {
        nodes.forEach(gateway::removeNode);
        for (String path : List.of(
                "/actuator",
                "/actuator/health",
                "/api/v1/nodes",
                "/v3/api-docs",
                "/swagger-ui/index.html",
                "/webjars/swagger-ui/index.html")) {
            HttpResponse<String> response = gateway.get(path);
            assertThat(response.statusCode()).as(path).isEqualTo(503);
            assertThat(response.body()).contains("no-node-available");
        }
    }

    @Test
    void forwardsCorsPreflights() {
        HttpResponse<String> response = gateway.send(HttpRequest.newBuilder(gateway.url("/"))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", "http://elsewhere.example")
                .header("Access-Control-Request-Method", "PUT"));
        assertThat(response.body()).contains("OPTIONS /");
    }
}
