package dev.holdfast.failover.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.api.GatewayNodeView;
import dev.holdfast.api.GatewayNodesApi;
import dev.holdfast.api.NodeProbeApi;
import dev.holdfast.api.NodesApi;
import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.failover.operation.Action;
import dev.holdfast.failover.operation.Evidence.RestartAnswer;
import dev.holdfast.model.health.ProbeOutcome;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.operation.OperationId;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RestartHook;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;

/** The clients against real servers on this machine. */
class ClientsTest {

    private static final NodeId NODE = new NodeId("node-1");
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private static final String NODE_VIEW = """
            {"id":"node-1","cluster":"shop","region":"eu","zone":"a","address":"127.0.0.1:8081","weight":1,"role":"ACTIVE",
             "labels":{},"adminState":"DRAINING","phase":"SERVING","health":"HEALTHY","takesTraffic":false,"version":8}""";

    private static final String PROBE = """
            {"outcome":"SUCCESS","at":"2026-01-01T00:00:00Z","latency":"3ms","detail":"200 from GET /"}""";

    private final HttpClients clients = new HttpClients(
            RestClient.builder()
                    .configureMessageConverters(converters -> converters.withJsonConverter(
                            new JacksonJsonHttpMessageConverter(HoldfastJson.jsonMapper()))),
            TIMEOUT,
            Optional.of("secret"));

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    /** A request as it reached a server. */
    private record Seen(String server, String line, String body, Headers headers) {}

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    @Test
    void anOrderNamesItsVersionTheUserAndTheService() throws IOException {
        NodeOrders orders =
                new NodeOrders(clients.replicas(NodesApi.class, List.of(server("region", 200, NODE_VIEW)), TIMEOUT));
        assertThat(orders.set(order(), "alice").version()).isEqualTo(new Revision(8));
        Seen request = seen.getFirst();
        assertThat(request.line()).isEqualTo("PUT /api/v1/nodes/node-1/admin-state?force=true");
        assertThat(request.body()).isEqualTo("{\"adminState\":\"DRAINING\",\"reason\":\"why\"}");
        assertThat(request.headers().getFirst("If-Match")).isEqualTo("\"7\"");
        assertThat(request.headers().getFirst("X-Holdfast-On-Behalf-Of")).isEqualTo("alice");
        assertThat(request.headers().getFirst("Authorization")).isEqualTo("Bearer secret");
    }

    @Test
    void asksTheNextReplicaWhenOneIsGoneFrozenOrBroken() throws IOException {
        List<URI> addresses = List.of(gone(), frozen(), server("broken", 503, ""), server("alive", 200, NODE_VIEW));
        NodeOrders orders = new NodeOrders(clients.replicas(NodesApi.class, addresses, TIMEOUT));
        orders.set(order(), "alice");
        orders.set(order(), "alice");
        assertThat(seen.stream().map(Seen::server))
                .as("the second call goes to the one that answered")
                .containsExactly("broken", "alive", "alive");
    }

    @Test
    void aRefusalIsAnAnswerThatTheOtherReplicasWouldGiveToo() throws IOException {
        String problem = """
                {"type":"urn:holdfast:problem:stale-version","title":"t","status":412,"detail":"It is at 9 now.",
                 "code":"stale-version","errors":[]}""";
        NodeOrders orders = new NodeOrders(clients.replicas(
                NodesApi.class, List.of(server("first", 412, problem), server("second", 200, NODE_VIEW)), TIMEOUT));
        assertThatThrownBy(() -> orders.set(order(), "alice"))
                .isInstanceOfSatisfying(
                        HttpClientErrorException.class,
                        e -> assertThat(CallFailures.told(e)).startsWith("412 "));
        assertThat(seen).hasSize(1);
    }

    @Test
    void saysThatNobodyAnsweredWithinTheTimeouts() throws IOException {
        NodeOrders orders = new NodeOrders(clients.replicas(NodesApi.class, List.of(frozen(), gone()), TIMEOUT));
        assertThatThrownBy(() -> orders.set(order(), "alice"))
                .isInstanceOfSatisfying(
                        ResourceAccessException.class,
                        e -> assertThat(CallFailures.told(e)).isNotBlank());
    }

    @Test
    void hasANodeCheckedAndAsksAGateway() throws IOException {
        URI health = server("health", 200, PROBE);
        NodeChecks checks = new NodeChecks(timeout -> clients.replicas(NodeProbeApi.class, List.of(health), TIMEOUT));
        assertThat(checks.check(new Action.CheckNode(NODE, Duration.ofSeconds(1), TIMEOUT))
                        .outcome())
                .isEqualTo(ProbeOutcome.SUCCESS);
        URI gateway = server("gateway", 200, """
                {"node":"node-1","tableRevision":8,"inTable":true,"takesTraffic":false,"outstanding":2}""");
        assertThat(clients.service(GatewayNodesApi.class, gateway, TIMEOUT).node(NODE))
                .isEqualTo(new GatewayNodeView(NODE, new Revision(8), true, false, 2, Optional.empty()));
        assertThat(seen.stream().map(Seen::line))
                .containsExactly("POST /api/v1/nodes/node-1/probe", "GET /api/v1/gateway/nodes/node-1");
    }

    @Test
    void aRestartHookGetsItsFactsAndItsOwnSecretOnly() throws IOException {
        URI hook = server("hook", 200, "");
        assertThat(restart(hook)).isEqualTo(new RestartAnswer.Done());
        Seen request = seen.getFirst();
        assertThat(request.line()).isEqualTo("POST /restart/node-1");
        assertThat(HoldfastJson.jsonMapper().readTree(request.body()))
                .isEqualTo(HoldfastJson.jsonMapper().readTree("""
                {"operation":"00000000-0000-0000-0000-000000000001","cluster":"shop","node":"node-1",
                 "address":"127.0.0.1:8081"}"""));
        assertThat(request.headers().getFirst("Idempotency-Key"))
                .isEqualTo("00000000-0000-0000-0000-000000000001-node-1");
        assertThat(request.headers().get("Authorization")).containsExactly("Bearer hook-secret");
    }

    @Test
    void tellsARestartThatIsDoneFromOneThatHasBegun() throws IOException {
        assertThat(restart(server("a", 200, "node-1 runs"))).isEqualTo(new RestartAnswer.Done());
        assertThat(restart(server("b", 204, ""))).isEqualTo(new RestartAnswer.Done());
        assertThat(restart(server("c", 202, "soon"))).isEqualTo(new RestartAnswer.Begun());
        assertThat(restart(server("d", 201, ""))).isInstanceOf(RestartAnswer.Refused.class);
    }

    @Test
    void readsNoMoreOfAnAnswerThanItShows() throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        HttpServer endless = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        endless.createContext("/", exchange -> {
            exchange.sendResponseHeaders(403, 0);
            byte[] chunk = "no ".repeat(10_000).getBytes(StandardCharsets.UTF_8);
            try (OutputStream body = exchange.getResponseBody()) {
                while (true) {
                    body.write(chunk);
                }
            } catch (IOException e) {
                cut.countDown();
            }
        });
        endless.start();
        open.add(() -> endless.stop(0));
        RestartAnswer answer =
                restart(URI.create("http://127.0.0.1:" + endless.getAddress().getPort()), Duration.ofHours(1));
        assertThat(answer)
                .isInstanceOfSatisfying(
                        RestartAnswer.Refused.class,
                        refused -> assertThat(refused.why())
                                .startsWith("403 no no")
                                .hasSizeLessThan(400));
        cut.await();
    }

    @Test
    void tellsARefusalFromWhatMayPass() throws IOException {
        assertThat(restart(server("a", 403, "not today"))).isEqualTo(new RestartAnswer.Refused("403 not today"));
        assertThat(restart(server("b", 302, ""))).isInstanceOf(RestartAnswer.Refused.class);
        assertThat(restart(server("c", 409, "busy"))).isEqualTo(new RestartAnswer.Unclear("409 busy"));
        assertThat(restart(server("d", 500, ""))).isInstanceOf(RestartAnswer.Unclear.class);
        assertThat(restart(gone())).isInstanceOf(RestartAnswer.Unclear.class);
        assertThat(restart(frozen())).isInstanceOf(RestartAnswer.Unclear.class);
    }

    private RestartAnswer restart(URI hook) {
        return restart(hook, TIMEOUT);
    }

    private RestartAnswer restart(URI hook, Duration timeout) {
        return new RestartHooks(clients::plain)
                .call(
                        new OperationId(new UUID(0, 1)),
                        new Action.CallRestartHook(
                                NODE,
                                new ClusterId("shop"),
                                new Endpoint("127.0.0.1", 8081),
                                new RestartHook(hook + "/restart/{node}", timeout, Optional.of("Bearer hook-secret"))));
    }

    private static Action.SetAdminState order() {
        return new Action.SetAdminState(NODE, AdminState.DRAINING, new Revision(7), true, "why");
    }

    private URI server(String name, int status, String answer) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> answer(name, status, answer, exchange));
        server.start();
        open.add(() -> server.stop(0));
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(String name, int status, String answer, HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            seen.add(new Seen(
                    name,
                    exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                    body,
                    exchange.getRequestHeaders()));
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders()
                    .set("Content-Type", answer.startsWith("{") ? "application/json" : "text/plain");
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    /** Accepts connections, as the kernel does for a stopped process, and never answers. */
    private URI frozen() throws IOException {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        open.add(socket);
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /** Nothing listens there. */
    private static URI gone() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }
}
