package dev.holdfast.store.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A real PostgreSQL for tests: one server a JVM, started by the first who asks and stopped when the JVM ends.
 *
 * <p>The system property {@value #SWITCH} picks it: {@code testcontainers}, {@code embedded}, or {@code auto} (default):
 * Testcontainers where a Docker engine answers, else the embedded server.
 */
public final class PostgresForTests {

    public static final String SWITCH = "holdfast.test.postgres";

    private static final DockerImageName IMAGE = DockerImageName.parse("postgres:18-alpine");

    private static final String USER = "postgres";

    private static final String PASSWORD = "postgres";

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private PostgresForTests() {}

    /** Where a database is. */
    public record Database(String url, String username, String password) {

        /** Makes it the store of a Spring test, from a {@code @DynamicPropertySource} method. */
        public void register(DynamicPropertyRegistry registry) {
            registry.add("spring.datasource.url", () -> url);
            registry.add("spring.datasource.username", () -> username);
            registry.add("spring.datasource.password", () -> password);
        }

        Connection connect() throws SQLException {
            return DriverManager.getConnection(url, username, password);
        }
    }

    /** Makes a new, empty database: no tables yet. */
    public static Database freshDatabase() {
        String name = "test_" + DATABASES.incrementAndGet();
        Database postgres = Server.SHARED.database(USER);
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL for tests made no database", e);
        }
        return Server.SHARED.database(name);
    }

    private static boolean useTestcontainers() {
        String wanted = System.getProperty(SWITCH, "auto");
        return switch (wanted) {
            case "testcontainers" -> true;
            case "embedded" -> false;
            case "auto" -> DockerClientFactory.instance().isDockerAvailable();
            default ->
                throw new IllegalArgumentException(
                        SWITCH + " is auto, embedded or testcontainers, not \"" + wanted + "\"");
        };
    }

    /** Holds the address of the server, whose first use starts it. */
    private record Server(String host, int port) {

        static final Server SHARED = useTestcontainers() ? container() : embedded();

        Database database(String name) {
            return new Database("jdbc:postgresql://" + host + ":" + port + "/" + name, USER, PASSWORD);
        }

        @SuppressWarnings("resource") // Testcontainers removes it when the JVM ends.
        private static Server container() {
            PostgreSQLContainer container =
                    new PostgreSQLContainer(IMAGE).withUsername(USER).withPassword(PASSWORD);
            container.start();
            return new Server(container.getHost(), container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT));
        }

        @SuppressWarnings("resource") // It stops itself when the JVM ends.
        private static Server embedded() {
            try {
                return new Server(
                        "127.0.0.1", EmbeddedPostgres.builder().start().getPort());
            } catch (IOException e) {
                throw new UncheckedIOException("the embedded PostgreSQL didn't start", e);
            }
        }
    }
}
