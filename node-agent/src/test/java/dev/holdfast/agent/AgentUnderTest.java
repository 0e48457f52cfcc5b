package dev.holdfast.agent;

import dev.holdfast.api.access.TokenDirectory;
import dev.holdfast.api.agent.AgentApi;
import dev.holdfast.api.agent.AgentOrder;
import dev.holdfast.api.agent.AgentReport;
import dev.holdfast.api.agent.OrderAction;
import dev.holdfast.api.agent.OrderAnswer;
import dev.holdfast.api.agent.OrderOutcome;
import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/** An agent with a server of its own, on free ports, in a folder of its own. */
final class AgentUnderTest implements AutoCloseable {

    static final String TOKEN = "service-token";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String USER = "holdfast";

    private static final String PASSWORD = "it's \\secret";

    final NodeId node;
    final int port;
    final Path folder;
    private final Path programs;
    private final Map<String, String> settings = new HashMap<>();
    private @Nullable ConfigurableApplicationContext context;

    AgentUnderTest(String node, Path folder, Path programs) throws IOException {
        this.node = new NodeId(node);
        this.folder = Files.createDirectories(folder.resolve(node));
        this.programs = programs;
        this.port = freePort();
    }

    AgentUnderTest with(String setting, String value) {
        settings.put(setting, value);
        return this;
    }

    AgentUnderTest start() {
        Map<String, String> all = new HashMap<>(Map.of(
                "server.port", "0",
                "server.address", "127.0.0.1",
                "logging.structured.format.console", "",
                "holdfast.access.tokens[0].name", "failover-service",
                "holdfast.access.tokens[0].sha256", TokenDirectory.sha256(TOKEN),
                "holdfast.access.tokens[0].scopes", "service",
                "holdfast.access.tokens[1].name", "otto",
                "holdfast.access.tokens[1].sha256", TokenDirectory.sha256("operate-token"),
                "holdfast.access.tokens[1].scopes", "operate"));
        all.putAll(Map.of(
                "holdfast.agent.cluster",
                "orders",
                "holdfast.agent.node",
                node.value(),
                "holdfast.agent.state-directory",
                folder.resolve("agent").toString(),
                "holdfast.agent.postgres.data-directory",
                data().toString(),
                "holdfast.agent.postgres.programs",
                programs.toString(),
                "holdfast.agent.postgres.port",
                Integer.toString(port),
                "holdfast.agent.postgres.password",
                PASSWORD,
                "holdfast.agent.postgres.listen-addresses",
                "127.0.0.1",
                "holdfast.agent.order-wait",
                "50s",
                "holdfast.agent.isolation-timeout",
                "1h"));
        all.put("holdfast.agent.postgres.parameters.unix_socket_directories", "");
        all.put("holdfast.agent.postgres.parameters.shared_buffers", "16MB");
        all.putAll(settings);
        List<String> arguments = new ArrayList<>();
        all.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        context = SpringApplication.run(NodeAgentApplication.class, arguments.toArray(String[]::new));
        return this;
    }

    Path data() {
        return folder.resolve("pgdata");
    }

    OrderAction followed() {
        return new OrderAction.Follow(node, address());
    }

    Endpoint address() {
        return new Endpoint("127.0.0.1", port);
    }

    AgentApi api() {
        RestClient client = RestClient.builder()
                .baseUrl(url())
                .defaultHeader("Authorization", "Bearer " + TOKEN)
                .configureMessageConverters(converters -> converters
                        .registerDefaults()
                        .withJsonConverter(new JacksonJsonHttpMessageConverter(HoldfastJson.jsonMapper())))
                .build();
        return HttpServiceProxyFactory.builderFor(RestClientAdapter.create(client))
                .build()
                .createClient(AgentApi.class);
    }

    String url() {
        return "http://127.0.0.1:" + running().getEnvironment().getRequiredProperty("local.server.port");
    }

    AgentOrder order(long epoch, long step, OrderAction action) {
        return new AgentOrder(new ClusterId("orders"), node, new OrderNumber(epoch, step), action);
    }

    /** Gives an order and insists that it is done. */
    OrderAnswer obey(long epoch, long step, OrderAction action) {
        OrderAnswer answer = api().order(order(epoch, step, action));
        if (answer.outcome() != OrderOutcome.DONE) {
            throw new AssertionError(node + ": " + answer);
        }
        return answer;
    }

    AgentReport report() {
        return api().state(Optional.empty(), Optional.empty(), Optional.empty());
    }

    int probe(String path) {
        return send("GET", path).statusCode();
    }

    HttpResponse<String> send(String method, String path) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(URI.create(url() + path))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    void awaitProbe(String path, int status) {
        Awaitility.await(node + " answers " + status + " at " + path)
                .atMost(PATIENCE)
                .until(() -> probe(path) == status);
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + address() + "/postgres?connectTimeout=5&ApplicationName=user", USER, PASSWORD);
    }

    String sql(String sql) throws SQLException {
        try (Connection connection = connect();
                java.sql.Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            java.sql.ResultSet result = statement.getResultSet();
            return result.next() ? String.valueOf(result.getString(1)) : "";
        }
    }

    long postmaster() throws IOException {
        return Long.parseLong(
                Files.readAllLines(data().resolve("postmaster.pid")).getFirst().strip());
    }

    void signal(String signal) throws IOException {
        new ProcessBuilder("kill", "-" + signal, Long.toString(postmaster()))
                .start()
                .onExit()
                .join();
    }

    /** Ends the agent, and leaves its server running. */
    void stopAgent() {
        running().close();
        context = null;
    }

    @Override
    public void close() throws IOException {
        if (context != null) {
            context.close();
        }
        if (Files.exists(data().resolve("postmaster.pid"))) {
            signal("QUIT");
        }
    }

    private ConfigurableApplicationContext running() {
        return java.util.Objects.requireNonNull(context, "the agent doesn't run");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
