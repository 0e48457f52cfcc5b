package dev.holdfast.quickstart.database;

import dev.holdfast.quickstart.data.DataDirectory;
import dev.holdfast.quickstart.data.Secrets;
import dev.holdfast.quickstart.port.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The nodes of the sample database. Each is an agent, which runs a PostgreSQL server of its own. */
public final class DatabaseNodes {

    /** The superuser of the agents. */
    static final String USER = "holdfast";

    private DatabaseNodes() {}

    /** The name of the node with that number, from 1; its agent's process has the same name. */
    public static String name(int number) {
        return "db-" + number;
    }

    public static List<String> names() {
        List<String> names = new ArrayList<>();
        for (int number = 1; number <= Ports.DATABASE_NODES; number++) {
            names.add(name(number));
        }
        return List.copyOf(names);
    }

    /**
     * The settings of the agent with that number.
     *
     * @param programs the folder with {@code postgres} and {@code initdb}
     */
    public static Map<String, Object> settings(
            int number, DataDirectory data, Secrets secrets, Ports ports, Path programs) throws IOException {
        String node = name(number);
        Map<String, Object> settings = new HashMap<>();
        settings.put("server.port", ports.agent(number));
        settings.put("holdfast.agent.cluster", DatabaseCluster.ID);
        settings.put("holdfast.agent.node", node);
        settings.put(
                "holdfast.agent.state-directory",
                data.folder(node).resolve("agent").toString());
        settings.put("holdfast.agent.stop-with-agent", true);
        settings.put(
                "holdfast.agent.postgres.data-directory",
                data.folder(node).resolve("data").toString());
        settings.put("holdfast.agent.postgres.programs", programs.toString());
        settings.put("holdfast.agent.postgres.port", ports.database(number));
        settings.put("holdfast.agent.postgres.listen-addresses", "127.0.0.1");
        settings.put("holdfast.agent.postgres.replication-networks", List.of("127.0.0.1/32"));
        settings.put("holdfast.agent.postgres.parameters.unix_socket_directories", "");
        settings.put("holdfast.agent.postgres.parameters.wal_keep_size", "128MB");
        settings.put("holdfast.agent.postgres.username", USER);
        settings.put("holdfast.agent.postgres.password", secrets.get(Secrets.DATABASE));
        return settings;
    }
}
