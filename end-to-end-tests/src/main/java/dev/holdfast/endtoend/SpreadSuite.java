package dev.holdfast.endtoend;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.quickstart.data.DataDirectory;
import dev.holdfast.quickstart.data.Secrets;
import dev.holdfast.quickstart.process.ProcessDefinition;
import dev.holdfast.quickstart.process.ProcessFailedException;
import dev.holdfast.quickstart.process.Readiness;
import dev.holdfast.quickstart.process.Supervisor;
import dev.holdfast.quickstart.service.AotCaches;
import dev.holdfast.quickstart.service.Jvm;
import dev.holdfast.quickstart.service.Services;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;

/**
 * An installation as one would run it: two replicas of region-service and of failover-service, three observers, each on a
 * network of its own, a gateway, and a deployer that restarts nodes. The tests serve the nodes themselves.
 */
public final class SpreadSuite implements AutoCloseable {

    static final List<String> NODES = List.of("node-1", "node-2", "node-3", "node-4");

    static final String CLUSTER = "/api/v1/clusters/sample";

    private static final Map<String, String> CHECK =
            Map.of("type", "HTTP", "path", "/", "interval", "500ms", "timeout", "300ms");

    private static final int OBSERVERS = 3;

    private static final int OBSERVER_PORT = 9201;

    private static final Duration START_LIMIT = Duration.ofMinutes(4);

    static {
        // Small answers go out at once, and connections that the gateway keeps are not closed under it.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.idleInterval", "600");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "1000");
    }

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final List<NetworkNamespace> networks = new ArrayList<>();
    private final Map<String, HttpServer> nodes = new HashMap<>();
    private final List<Integer> regionPorts = List.of(freePort(), freePort());
    private final List<Integer> failoverPorts = List.of(freePort(), freePort());
    private final HttpServer deployer;
    private final Map<String, Integer> restarts = new ConcurrentHashMap<>();
    private final int gatewayPort = freePort();
    private final int controlPort = freePort();
    private final Set<String> restartKeys = ConcurrentHashMap.newKeySet();
    private volatile boolean synchronised;
    private final DataDirectory data;
    private final Secrets secrets;
    private final Supervisor supervisor;
    private final AotCaches caches;
    private final EmbeddedPostgres postgres;

    private SpreadSuite(Path folder) throws IOException {
        data = DataDirectory.open(folder);
        secrets =
                Secrets.open(data.file("secrets.json"), () -> UUID.randomUUID().toString());
        supervisor = new Supervisor(data, System.out::println, System::nanoTime);
        caches = new AotCaches(RunningQuickstart.home(), data, supervisor, System.out::println);
        deployer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        deployer.createContext("/", this::restart);
        deployer.start();
        postgres = EmbeddedPostgres.builder()
                .setDataDirectory(data.file("postgres"))
                .setServerConfig("listen_addresses", "*")
                .setPgBinaryResolver((system, machine) -> packedPostgres())
                .start();
    }

    /** The usual search finds it twice, as the launcher's jar names its libraries too, and gives up. */
    private static InputStream packedPostgres() {
        return Objects.requireNonNull(SpreadSuite.class.getResourceAsStream("/postgres-linux-x86_64.txz"));
    }

    public static SpreadSuite start(Path folder) throws Exception {
        SpreadSuite suite = new SpreadSuite(folder);
        try {
            suite.start();
        } catch (Exception e) {
            suite.close();
            throw e;
        }
        return suite;
    }

    private void start() throws IOException, InterruptedException, SQLException, ProcessFailedException {
        for (int number = 1; number <= OBSERVERS; number++) {
            networks.add(NetworkNamespace.create(number));
        }
        openStore();
        for (String node : NODES) {
            startNode(node, 0);
        }
        List<ProcessDefinition> processes = new ArrayList<>();
        processes.addAll(replicas(Services.REGION, regionPorts));
        processes.addAll(replicas(Services.FAILOVER, failoverPorts));
        for (int number = 1; number <= OBSERVERS; number++) {
            NetworkNamespace network = network(number);
            Map<String, Object> observer = Map.of(
                    "holdfast.health.observer.id", "health-" + number,
                    "holdfast.health.observer.location", "network-" + number,
                    "holdfast.health.observer.declared", OBSERVERS);
            String process = Services.healthProcess(number);
            processes.add(service(
                    process, Services.HEALTH, network.runner(), network.innerAddress(), OBSERVER_PORT, observer));
        }
        Map<String, Object> gateway = Map.of(
                "holdfast.gateway.data-port", gatewayPort,
                "holdfast.gateway.control-port", controlPort,
                "holdfast.gateway.snapshot-file", data.file("snapshot.json").toString());
        processes.add(service(Services.GATEWAY, Services.GATEWAY, List.of(), "127.0.0.1", controlPort, gateway));
        for (ProcessDefinition process : processes) {
            supervisor.start(process);
        }
        for (ProcessDefinition process : processes) {
            supervisor.awaitReady(process.name(), START_LIMIT);
        }
        declare();
    }

    private List<ProcessDefinition> replicas(String service, List<Integer> ports)
            throws IOException, InterruptedException {
        List<ProcessDefinition> replicas = new ArrayList<>();
        for (int port : ports) {
            String process = service + "-" + (replicas.size() + 1);
            replicas.add(service(process, service, List.of(), "127.0.0.1", port, Map.of()));
        }
        return replicas;
    }

    /** The server trusts this machine only, and the other networks are other machines. */
    private void openStore() throws IOException, SQLException {
        Files.writeString(
                data.file("postgres").resolve("pg_hba.conf"),
                "\nhost all all 10.0.0.0/8 trust\n",
                StandardOpenOption.APPEND);
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    /** Restarts a node when Holdfast asks for it, once for each key; the path is the node's name. */
    private void restart(HttpExchange exchange) throws IOException {
        try (exchange) {
            String node = exchange.getRequestURI().getPath().substring(1);
            if (restartKeys.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"))) {
                stopNode(node);
                startNodeAgain(node);
                restarts.merge(node, 1, Integer::sum);
            }
            exchange.sendResponseHeaders(200, -1);
        }
    }

    /** How often each node has been restarted by the deployer. */
    Map<String, Integer> restarts() {
        return Map.copyOf(restarts);
    }

    private void startNode(String name, int port) throws IOException {
        HttpServer node = HttpServer.create(new InetSocketAddress(network(1).outerAddress(), port), 1024);
        node.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        node.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("x-served-by", name);
            boolean synchronising = exchange.getRequestURI().getPath().equals("/synchronised") && !synchronised;
            exchange.sendResponseHeaders(synchronising ? 503 : 200, -1);
            exchange.close();
        });
        node.start();
        nodes.put(name, node);
    }

    /** Declares a cluster with one new node, which is asked whether it has been synchronised. */
    void declareSynchronisedCluster(String cluster, String node) throws IOException, InterruptedException {
        startNode(node, 0);
        Map<String, Object> declaration = Map.of(
                "routes", List.of(Map.of("host", cluster + ".example", "pathPrefix", "/")),
                "check", CHECK,
                "synchronisation", Map.of("path", "/synchronised"),
                "nodes", List.of(declaration(node)));
        control().put("/api/v1/clusters/" + cluster, JSON.writeValueAsString(declaration));
    }

    /** From now on nodes say that they have been synchronised. */
    void synchronise() {
        synchronised = true;
    }

    private void declare() throws IOException, InterruptedException {
        String restart = "http://127.0.0.1:" + deployer.getAddress().getPort() + "/{node}";
        Map<String, Object> cluster = Map.of(
                "routes", List.of(Map.of("host", "*", "pathPrefix", "/")),
                "check", CHECK,
                "restart", Map.of("url", restart),
                "nodes", NODES.stream().map(this::declaration).toList());
        ControlApi control = control();
        control.put("/api/v1/regions/local", "{\"zones\": [\"a\"]}");
        control.put(CLUSTER, JSON.writeValueAsString(cluster));
    }

    private Map<String, String> declaration(String node) {
        InetSocketAddress address = node(node).getAddress();
        return Map.of(
                "id",
                node,
                "region",
                "local",
                "zone",
                "a",
                "address",
                address.getAddress().getHostAddress() + ":" + address.getPort());
    }

    /** How a service is run that knows the others. */
    ProcessDefinition service(
            String process, String service, List<String> runner, String address, int port, Map<String, Object> more)
            throws IOException, InterruptedException {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("server.address", address);
        if (!service.equals(Services.GATEWAY)) {
            settings.put("server.port", port);
        }
        settings.put("holdfast.services.region", urls(regionPorts));
        settings.put("holdfast.services.failover", urls(failoverPorts));
        settings.put("holdfast.services.gateways", urls(List.of(controlPort)));
        settings.put(
                "holdfast.services.health",
                networks.stream()
                        .map(network -> "http://" + network.innerAddress() + ":" + OBSERVER_PORT)
                        .toList());
        settings.put("holdfast.access.service-token", secrets.get("service"));
        settings.put("holdfast.access.tokens", List.of(token(Secrets.ADMIN, "admin"), token("service", "service")));
        List<String> command = new ArrayList<>(runner);
        command.add(Jvm.program());
        command.addAll(Services.jvmOptions(service));
        Map<String, String> environment = environment(service, settings);
        caches.prepare(List.of(new AotCaches.Trial(service, Services.jvmOptions(service), environment)));
        command.addAll(caches.launch(service));
        URI readiness = URI.create("http://" + address + ":" + port + "/actuator/health/readiness");
        return new ProcessDefinition(
                process,
                port,
                command,
                environment,
                data.log(process),
                Readiness.answers(Http.CLIENT, readiness),
                !service.equals(Services.AGENT), // A machine that was crashed stays down until somebody repairs it.
                "TERM",
                Duration.ofSeconds(15));
    }

    private Map<String, String> environment(String service, Map<String, Object> settings) {
        Map<String, String> environment = new HashMap<>();
        environment.put("SPRING_APPLICATION_JSON", JSON.writeValueAsString(settings));
        if (!service.equals(Services.AGENT)) {
            environment.put(
                    "HOLDFAST_STORE_URL",
                    "jdbc:postgresql://" + network(1).outerAddress() + ":" + postgres.getPort() + "/postgres");
            environment.put("HOLDFAST_STORE_USERNAME", "postgres");
            environment.put("HOLDFAST_STORE_PASSWORD", "trusted");
        }
        return environment;
    }

    DataDirectory data() {
        return data;
    }

    Secrets secrets() {
        return secrets;
    }

    Supervisor supervisor() {
        return supervisor;
    }

    private static List<String> urls(List<Integer> ports) {
        return ports.stream().map(port -> "http://127.0.0.1:" + port).toList();
    }

    private Map<String, Object> token(String name, String scope) throws IOException {
        return Map.of("name", name, "sha256", secrets.hash(name), "scopes", List.of(scope));
    }

    /** Of the observer with that number, from 1. */
    NetworkNamespace network(int number) {
        return networks.get(number - 1);
    }

    String gateway() {
        return "http://127.0.0.1:" + gatewayPort;
    }

    public ControlApi control() throws IOException {
        return new ControlApi("http://127.0.0.1:" + controlPort, secrets.get(Secrets.ADMIN));
    }

    /** The lease for that work as it stands in the store. */
    HeldLease lease(String work) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                PreparedStatement query =
                        connection.prepareStatement("SELECT holder, expires_at FROM lease WHERE name = ?")) {
            query.setString(1, work);
            try (ResultSet result = query.executeQuery()) {
                if (!result.next()) {
                    throw new IllegalStateException("nobody has ever held the lease " + work);
                }
                return new HeldLease(result.getString(1), result.getTimestamp(2).toInstant());
            }
        }
    }

    /** Who does some work, and until when without saying so again. */
    record HeldLease(String holder, Instant expiresAt) {}

    void freeze(String process) throws IOException, InterruptedException {
        RunningQuickstart.signal("STOP", supervisor.pid(process).orElseThrow());
    }

    void thaw(String process) throws IOException, InterruptedException {
        RunningQuickstart.signal("CONT", supervisor.pid(process).orElseThrow());
    }

    void stopNode(String node) {
        node(node).stop(0);
    }

    void startNodeAgain(String node) throws IOException {
        startNode(node, node(node).getAddress().getPort());
    }

    private HttpServer node(String name) {
        return Objects.requireNonNull(nodes.get(name));
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        // Closes all of them, also when one fails.
        try (data;
                postgres;
                supervisor) {
            supervisor.stopAll(List.of());
            deployer.stop(0);
            nodes.values().forEach(node -> node.stop(0));
            for (NetworkNamespace network : networks) {
                network.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
