package dev.holdfast.quickstart.postgres;

import dev.holdfast.quickstart.data.DataDirectory;
import dev.holdfast.quickstart.data.FileTree;
import dev.holdfast.quickstart.data.OwnerOnlyFile;
import dev.holdfast.quickstart.data.Secrets;
import dev.holdfast.quickstart.process.ProcessDefinition;
import dev.holdfast.quickstart.process.ProcessFailedException;
import dev.holdfast.quickstart.process.Supervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL server of the quickstart's own, as durable as any: it syncs what it commits, asks for passwords and listens
 * on the loopback address only. Its data stay in the data folder from one start to the next.
 */
public final class EmbeddedStore {

    public static final String PROCESS = "postgres";

    private static final String DATABASE = "holdfast";

    private static final String ROLE = "holdfast";

    private static final String SUPERUSER = "postgres";

    /** The data of another major version can't be read: a new version gets a new folder and a new start. */
    private static final String MAJOR_VERSION = "18";

    private static final Duration INITDB_LIMIT = Duration.ofMinutes(2);

    private static final Duration STOP_GRACE = Duration.ofSeconds(15);

    private final DataDirectory data;
    private final Secrets secrets;
    private final int port;
    private final PostgresBinaries binaries;
    private final List<String> asOrdinaryUser;

    private EmbeddedStore(
            DataDirectory data, Secrets secrets, int port, PostgresBinaries binaries, List<String> asOrdinaryUser) {
        this.data = data;
        this.secrets = secrets;
        this.port = port;
        this.binaries = binaries;
        this.asOrdinaryUser = asOrdinaryUser;
    }

    /** Unpacks the programs and initialises the data, where that hasn't been done by an earlier start. */
    public static EmbeddedStore prepare(DataDirectory data, Secrets secrets, int port, Supervisor supervisor)
            throws IOException, InterruptedException, ProcessFailedException {
        PostgresBinaries binaries = PostgresBinaries.unpack(data.file("postgres-" + MAJOR_VERSION + "-programs"));
        EmbeddedStore store = new EmbeddedStore(data, secrets, port, binaries, OrdinaryUser.prefix());
        if (!Files.exists(store.cluster())) {
            store.initialise(supervisor);
        }
        return store;
    }

    /** The folder with the programs, for other servers. */
    public Path programs() {
        return binaries.folder();
    }

    /** How the server is run. */
    public ProcessDefinition process() throws IOException {
        List<String> command = new ArrayList<>(asOrdinaryUser);
        command.add(binaries.program("postgres"));
        command.addAll(List.of("-D", cluster().toString(), "-p", Integer.toString(port)));
        // No socket file: its folder would have to be short, writable and ours.
        command.addAll(List.of("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="));
        PGSimpleDataSource superuser = connect(SUPERUSER, Secrets.POSTGRES_SUPERUSER, SUPERUSER);
        return new ProcessDefinition(
                PROCESS,
                port,
                command,
                Map.of(),
                data.log(PROCESS),
                () -> answers(superuser),
                true,
                "INT", // Ends the sessions and then itself; TERM would wait for the sessions to end.
                STOP_GRACE);
    }

    /** Creates the role and the database of the services in the running server, unless they are there. */
    public void createDatabase() throws IOException, SQLException {
        String password = secrets.get(Secrets.POSTGRES_HOLDFAST);
        try (Connection connection = connect(SUPERUSER, Secrets.POSTGRES_SUPERUSER, SUPERUSER)
                        .getConnection();
                Statement statement = connection.createStatement()) {
            if (!exists(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + ROLE + "'")) {
                statement.execute("CREATE ROLE " + ROLE + " LOGIN");
            }
            statement.execute("ALTER ROLE " + ROLE + " PASSWORD " + statement.enquoteLiteral(password));
            if (!exists(statement, "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                statement.execute("CREATE DATABASE " + DATABASE + " OWNER " + ROLE);
            }
        }
    }

    /** What a service needs to know to use the database. */
    public Map<String, String> environment() throws IOException {
        return Map.of(
                "HOLDFAST_STORE_URL",
                "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE,
                "HOLDFAST_STORE_USERNAME",
                ROLE,
                "HOLDFAST_STORE_PASSWORD",
                secrets.get(Secrets.POSTGRES_HOLDFAST));
    }

    private Path cluster() {
        return data.file("postgres-" + MAJOR_VERSION);
    }

    /** The folder gets its name when it is whole, so that a start that was interrupted leaves nothing in the way. */
    private void initialise(Supervisor supervisor) throws IOException, InterruptedException, ProcessFailedException {
        Path draft = data.file("postgres-" + MAJOR_VERSION + ".new");
        FileTree.delete(draft);
        Path passwordFile = data.file("initdb-password");
        OwnerOnlyFile.write(passwordFile, secrets.get(Secrets.POSTGRES_SUPERUSER));
        List<String> command = new ArrayList<>(asOrdinaryUser);
        command.addAll(List.of(binaries.program("initdb"), "-D", draft.toString(), "-U", SUPERUSER));
        command.addAll(List.of("-A", "scram-sha-256", "--pwfile", passwordFile.toString(), "-E", "UTF8"));
        command.addAll(List.of("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
        try {
            supervisor.runToEnd(
                    ProcessDefinition.passing("initdb", command, Map.of(), data.log("initdb")), INITDB_LIMIT);
        } finally {
            Files.deleteIfExists(passwordFile);
        }
        Files.move(draft, cluster(), StandardCopyOption.ATOMIC_MOVE);
    }

    private PGSimpleDataSource connect(String role, String secret, String database) throws IOException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(database);
        source.setUser(role);
        source.setPassword(secrets.get(secret));
        source.setLoginTimeout(2);
        return source;
    }

    private static boolean answers(PGSimpleDataSource source) {
        try (Connection connection = source.getConnection()) {
            return connection.isValid(2);
        } catch (SQLException e) {
            return false; // Not listening yet, or still recovering.
        }
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            return result.next();
        }
    }
}
