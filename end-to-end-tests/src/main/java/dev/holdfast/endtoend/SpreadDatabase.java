package dev.holdfast.endtoend;

import static org.awaitility.Awaitility.await;

import dev.holdfast.quickstart.data.Secrets;
import dev.holdfast.quickstart.postgres.PostgresBinaries;
import dev.holdfast.quickstart.process.ProcessDefinition;
import dev.holdfast.quickstart.service.Services;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.postgresql.ds.PGSimpleDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A PostgreSQL cluster of three beside a {@link SpreadSuite}: each agent and its server on a network of their own, as on
 * machines of their own, declared with nothing but addresses and a listener.
 */
public final class SpreadDatabase implements AutoCloseable {

    public static final List<String> NODES = List.of("db-1", "db-2", "db-3");

    public static final String PATH = "/api/v1/clusters/db";

    private static final String PRIMARY = PATH + "/primary";

    /** Above those of the observers. */
    private static final int FIRST_NETWORK = 11;

    private static final int AGENT_PORT = 9400;

    private static final int SERVER_PORT = 5432;

    private static final Duration START_LIMIT = Duration.ofMinutes(4);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final SpreadSuite suite;
    private final Path programs;
    private final int listener;
    private final String password;
    private final Map<String, NetworkNamespace> networks = new LinkedHashMap<>();

    private SpreadDatabase(SpreadSuite suite) throws IOException {
        this.suite = suite;
        this.programs =
                PostgresBinaries.unpack(suite.data().file("postgres-programs")).folder();
        this.listener = SpreadSuite.freePort();
        this.password = suite.secrets().get(Secrets.DATABASE);
    }

    /** Returns when there is a primary with two standbys that hold every write. */
    public static SpreadDatabase start(SpreadSuite suite) throws Exception {
        SpreadDatabase database = new SpreadDatabase(suite);
        try {
            database.start();
        } catch (Exception e) {
            database.close();
            throw e;
        }
        return database;
    }

    private void start() throws Exception {
        for (String node : NODES) {
            networks.put(node, NetworkNamespace.create(FIRST_NETWORK + networks.size()));
        }
        for (String node : NODES) {
            suite.supervisor().start(agent(node));
        }
        for (String node : NODES) {
            suite.supervisor().awaitReady(node, START_LIMIT);
        }
        suite.control().put(PATH, JSON.writeValueAsString(declaration()));
        awaitWhole(START_LIMIT);
        admitUsers();
    }

    private ProcessDefinition agent(String node) throws IOException, InterruptedException {
        NetworkNamespace network = network(node);
        Map<String, Object> settings = new HashMap<>();
        settings.put("holdfast.agent.cluster", "db");
        settings.put("holdfast.agent.node", node);
        settings.put(
                "holdfast.agent.state-directory", folder(node).resolve("agent").toString());
        settings.put("holdfast.agent.stop-with-agent", true);
        settings.put("holdfast.agent.postgres.data-directory", data(node).toString());
        settings.put("holdfast.agent.postgres.programs", programs.toString());
        settings.put("holdfast.agent.postgres.port", SERVER_PORT);
        settings.put("holdfast.agent.postgres.replication-networks", List.of("10.0.0.0/8"));
        settings.put("holdfast.agent.postgres.parameters.unix_socket_directories", "");
        settings.put("holdfast.agent.postgres.password", password);
        return suite.service(node, Services.AGENT, network.runner(), network.innerAddress(), AGENT_PORT, settings);
    }

    private Map<String, Object> declaration() {
        List<Map<String, Object>> nodes = new ArrayList<>();
        networks.forEach((node, network) -> nodes.add(Map.of(
                "id",
                node,
                "region",
                "local",
                "zone",
                "a",
                "address",
                network.innerAddress() + ":" + SERVER_PORT,
                "agent",
                network.innerAddress() + ":" + AGENT_PORT)));
        return Map.of("postgresql", Map.of("listeners", Map.of("readWrite", listener)), "nodes", nodes);
    }

    /** What an administrator does once, in the part of the file that is the user's; clones take it along. */
    private void admitUsers() throws IOException, SQLException {
        for (String node : NODES) {
            Files.writeString(
                    data(node).resolve("pg_hba.conf"),
                    "\nhost all all 10.0.0.0/8 scram-sha-256\n",
                    StandardOpenOption.APPEND);
            PGSimpleDataSource server = new PGSimpleDataSource();
            server.setServerNames(new String[] {network(node).innerAddress()});
            server.setPortNumbers(new int[] {SERVER_PORT});
            server.setDatabaseName("postgres");
            server.setUser("holdfast");
            server.setPassword(password);
            try (Connection connection = server.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_reload_conf()");
            }
        }
    }

    private Path folder(String node) throws IOException {
        return suite.data().folder(node);
    }

    private Path data(String node) throws IOException {
        return folder(node).resolve("data");
    }

    public NetworkNamespace network(String node) {
        NetworkNamespace network = networks.get(node);
        if (network == null) {
            throw new IllegalArgumentException("there is no node \"" + node + "\"");
        }
        return network;
    }

    public DatabaseNode node(String node) throws IOException {
        return new DatabaseNode(() -> suite.supervisor().pid(node), data(node));
    }

    /** Starts the agent of a node that crashed, which starts the server. */
    public void repair(String node) throws Exception {
        suite.supervisor().restart(node, START_LIMIT);
    }

    public LedgerTraffic.Target target() {
        Map<String, InetSocketAddress> servers = new HashMap<>();
        networks.forEach((node, network) ->
                servers.put(node, InetSocketAddress.createUnresolved(network.innerAddress(), SERVER_PORT)));
        return new LedgerTraffic.Target(InetSocketAddress.createUnresolved("127.0.0.1", listener), servers, password);
    }

    public void switchover() throws IOException, InterruptedException {
        suite.control().post(PATH + "/switchover");
    }

    /** As the API has it. */
    public JsonNode primary() throws IOException, InterruptedException {
        return suite.control().get(PRIMARY);
    }

    /** The report of the newest failover or switchover. */
    public JsonNode newestReport() throws IOException, InterruptedException {
        return suite.control()
                .get("/api/v1/failovers?cluster=db&limit=1")
                .path("items")
                .path(0);
    }

    /** Waits until another node than that one is primary. */
    public void awaitReplaced(String former, Duration limit) {
        await("another node than " + former + " is primary")
                .atMost(limit)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> !primary().path("primary").asString().equals(former));
    }

    /** Waits until there is a primary, both others hold every write, and nothing runs. */
    public void awaitWhole(Duration limit) {
        await("the database has a primary and two standbys that hold every write")
                .atMost(limit)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    JsonNode primary = primary();
                    Set<String> all = new TreeSet<>();
                    primary.path("claimed").path("standbys").forEach(node -> all.add(node.asString()));
                    all.add(primary.path("primary").asString());
                    return primary.path("phase").asString().equals("STEADY") && all.equals(Set.copyOf(NODES));
                });
    }

    @Override
    public void close() throws IOException {
        try {
            for (String node : NODES) {
                if (suite.supervisor().names().contains(node)) {
                    suite.supervisor().stop(node);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (NetworkNamespace network : networks.values()) {
            network.close();
        }
    }
}
