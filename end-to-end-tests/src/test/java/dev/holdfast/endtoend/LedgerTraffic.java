package dev.holdfast.endtoend;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Writers that keep count of what was acknowledged: some through the gateway, who connect again whenever they lose their
 * connection, and one for each node that is connected to its server directly from the beginning and never again, as a session
 * from before a fault is.
 */
final class LedgerTraffic implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(5);

    private static final Duration RETRY_PAUSE = Duration.ofMillis(20);

    private static final int CONNECT_SECONDS = 60;

    private static final int SOCKET_SECONDS = 60;

    private final String run = UUID.randomUUID().toString();
    private final int gatewayPort;
    private final String password;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    /** When each row was acknowledged, by its name. */
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();

    private final Map<String, String> warned = new ConcurrentHashMap<>();

    LedgerTraffic(int gatewayPort, String password) {
        this.gatewayPort = gatewayPort;
        this.password = password;
    }

    /**
     * What was seen.
     *
     * @param acknowledged rows
     * @param lost rows that were acknowledged and are not there
     * @param warned rows answered with a warning, such as that the wait for standbys was cut short: promised to nobody
     * @param longestSilence between two acknowledgements through the gateway
     */
    record Result(int acknowledged, List<String> lost, int warned, Duration longestSilence) {

        @Override
        public String toString() {
            return "%,d rows acknowledged, %d lost, %d answered with a warning; writes silent for %d ms at most"
                    .formatted(acknowledged, lost.size(), warned, longestSilence.toMillis());
        }
    }

    /** @param servers ports of the servers, by node */
    void start(int writers, Map<String, Integer> servers) throws SQLException {
        try (Connection connection = connect(gatewayPort);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS public.traffic (row text PRIMARY KEY)");
        }
        for (int writer = 1; writer <= writers; writer++) {
            String name = "gateway-" + writer;
            threads.add(Thread.ofVirtual().start(() -> writeThroughGateway(name)));
        }
        for (Map.Entry<String, Integer> server : servers.entrySet()) {
            Connection connection = connect(server.getValue());
            threads.add(Thread.ofVirtual().start(() -> writeDirectly("direct-" + server.getKey(), connection)));
        }
    }

    private Connection connect(int port) throws SQLException {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setServerNames(new String[] {"127.0.0.1"});
        database.setPortNumbers(new int[] {port});
        database.setDatabaseName("postgres");
        database.setUser("holdfast");
        database.setPassword(password);
        database.setLoginTimeout(CONNECT_SECONDS);
        database.setSocketTimeout(SOCKET_SECONDS);
        return database.getConnection();
    }

    private void writeThroughGateway(String writer) {
        int number = 0;
        while (ended.getCount() > 0) {
            try (Connection connection = connect(gatewayPort);
                    PreparedStatement insert = insert(connection)) {
                while (ended.getCount() > 0) {
                    write(insert, writer + "/" + number++);
                    pause(PAUSE);
                }
            } catch (SQLException e) {
                pause(RETRY_PAUSE); // Its row was not acknowledged; the next one goes over a new connection.
            }
        }
    }

    /** Writes on after errors, until the server ends the session. */
    private void writeDirectly(String writer, Connection connection) {
        int number = 0;
        try (connection;
                PreparedStatement insert = insert(connection)) {
            while (ended.getCount() > 0 && connection.isValid(CONNECT_SECONDS)) {
                try {
                    write(insert, writer + "/" + number++);
                } catch (SQLException e) {
                    pause(RETRY_PAUSE); // A standby takes no writes; it may become primary, and then it has to keep
                    // them.
                }
                pause(PAUSE);
            }
        } catch (SQLException e) {
            System.out.println(writer + " has lost its session: " + e.getMessage());
        }
    }

    private static PreparedStatement insert(Connection connection) throws SQLException {
        return connection.prepareStatement("INSERT INTO public.traffic (row) VALUES (?)");
    }

    private void write(PreparedStatement insert, String name) throws SQLException {
        String row = run + "/" + name;
        insert.setString(1, row);
        insert.executeUpdate();
        if (insert.getWarnings() == null) {
            acknowledged.put(row, System.nanoTime());
        } else {
            warned.put(row, insert.getWarnings().getMessage());
            insert.clearWarnings();
        }
    }

    /** Ends the writers and looks for every acknowledged row on the present primary. */
    Result finish() throws SQLException, InterruptedException {
        awaitEnd();
        Map<String, Long> missing = new HashMap<>(acknowledged);
        try (Connection connection = connect(gatewayPort);
                PreparedStatement select =
                        connection.prepareStatement("SELECT row FROM public.traffic WHERE row LIKE ?")) {
            select.setString(1, run + "/%");
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    missing.remove(rows.getString(1));
                }
            }
        }
        return new Result(
                acknowledged.size(), missing.keySet().stream().sorted().toList(), warned.size(), longestSilence());
    }

    private Duration longestSilence() {
        long[] times = acknowledged.entrySet().stream()
                .filter(row -> row.getKey().startsWith(run + "/gateway-"))
                .mapToLong(Map.Entry::getValue)
                .sorted()
                .toArray();
        long longest = 0;
        for (int index = 1; index < times.length; index++) {
            longest = Math.max(longest, times[index] - times[index - 1]);
        }
        return Duration.ofNanos(longest);
    }

    private void pause(Duration duration) {
        try {
            ended.await(duration.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitEnd() throws InterruptedException {
        ended.countDown();
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(SOCKET_SECONDS));
        }
    }

    @Override
    public void close() {
        ended.countDown();
    }
}
