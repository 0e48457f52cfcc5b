package dev.holdfast.endtoend;

import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Writers that keep count of what was acknowledged, and by which server: some through the gateway, who connect again whenever
 * they lose their connection, and one for each node that is connected to its server directly from the beginning and never
 * again, as a session from before a fault is. They are ordinary users of the database.
 */
public final class LedgerTraffic implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(5);

    private static final Duration RETRY_PAUSE = Duration.ofMillis(20);

    private static final int CONNECT_SECONDS = 60;

    /** Longer than any fault of a test lasts: whoever gave up before would not hear what a thawed server answers. */
    private static final int SOCKET_SECONDS = 120;

    private static final String USER = "traffic";

    private final String run = UUID.randomUUID().toString();
    private final Target target;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentLinkedQueue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicInteger warned = new AtomicInteger();

    /**
     * The database.
     *
     * @param gateway takes connections to the primary, wherever that is
     * @param servers of the nodes, by name
     * @param password of the superuser {@code holdfast}
     */
    public record Target(InetSocketAddress gateway, Map<String, InetSocketAddress> servers, String password) {

        public Target {
            servers = Map.copyOf(servers);
        }
    }

    /** By {@link System#nanoTime}. */
    private record Acknowledged(String row, String server, boolean throughGateway, long sentAt, long answeredAt) {}

    public LedgerTraffic(Target target) {
        this.target = target;
    }

    /**
     * What was seen.
     *
     * @param acknowledged rows
     * @param lost rows that were acknowledged and are not there
     * @param splitBrain rows that a server acknowledged although they were sent to it after another had taken over
     * @param warned rows answered with a warning, such as that the wait for standbys was cut short: promised to nobody
     * @param longestSilence between two acknowledgements through the gateway
     */
    public record Result(
            int acknowledged, List<String> lost, List<String> splitBrain, int warned, Duration longestSilence) {

        @Override
        public String toString() {
            return "%,d rows acknowledged, %d lost, %d split-brain, %d answered with a warning; writes silent for %d ms at most"
                    .formatted(acknowledged, lost.size(), splitBrain.size(), warned, longestSilence.toMillis());
        }
    }

    /** @param writers how many write through the gateway */
    public void start(int writers) throws SQLException {
        try (Connection connection = connect(target.gateway(), "holdfast");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS public.traffic (row text PRIMARY KEY)");
            boolean isKnown = statement
                    .executeQuery("SELECT 1 FROM pg_roles WHERE rolname = '" + USER + "'")
                    .next();
            if (!isKnown) {
                String password = statement.enquoteLiteral(target.password());
                statement.execute("CREATE ROLE " + USER + " LOGIN PASSWORD " + password);
            }
            statement.execute("GRANT SELECT, INSERT ON public.traffic TO " + USER);
        }
        for (int writer = 1; writer <= writers; writer++) {
            String name = "gateway-" + writer;
            threads.add(Thread.ofVirtual().start(() -> writeThroughGateway(name)));
        }
        for (Map.Entry<String, InetSocketAddress> server : target.servers().entrySet()) {
            Connection connection = connect(server.getValue(), USER);
            threads.add(Thread.ofVirtual().start(() -> writeDirectly("direct-" + server.getKey(), connection)));
        }
    }

    private Connection connect(InetSocketAddress address, String user) throws SQLException {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setServerNames(new String[] {address.getHostString()});
        database.setPortNumbers(new int[] {address.getPort()});
        database.setDatabaseName("postgres");
        database.setUser(user);
        database.setPassword(target.password());
        database.setLoginTimeout(CONNECT_SECONDS);
        database.setSocketTimeout(SOCKET_SECONDS);
        return database.getConnection();
    }

    private void writeThroughGateway(String writer) {
        int number = 0;
        while (ended.getCount() > 0) {
            try (Connection connection = connect(target.gateway(), USER);
                    PreparedStatement insert = insert(connection)) {
                while (ended.getCount() > 0) {
                    write(insert, writer + "/" + number++, true);
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
                    write(insert, writer + "/" + number++, false);
                } catch (SQLException e) {
                    // A standby takes no writes; it may become primary, and then it has to keep them.
                    pause(RETRY_PAUSE);
                }
                pause(PAUSE);
            }
        } catch (SQLException e) {
            System.out.println(writer + " has lost its session: " + e.getMessage());
        }
    }

    private static PreparedStatement insert(Connection connection) throws SQLException {
        return connection.prepareStatement(
                "INSERT INTO public.traffic (row) VALUES (?) RETURNING inet_server_addr() || ':' || inet_server_port()");
    }

    private void write(PreparedStatement insert, String name, boolean throughGateway) throws SQLException {
        String row = run + "/" + name;
        insert.setString(1, row);
        long sentAt = System.nanoTime();
        try (ResultSet result = insert.executeQuery()) {
            long answeredAt = System.nanoTime();
            result.next();
            if (insert.getWarnings() == null) {
                acknowledged.add(new Acknowledged(row, result.getString(1), throughGateway, sentAt, answeredAt));
            } else {
                warned.incrementAndGet();
                insert.clearWarnings();
            }
        }
    }

    /** Ends the writers and looks for every acknowledged row on the present primary. */
    public Result finish() throws SQLException, InterruptedException {
        awaitEnd();
        Map<String, Acknowledged> missing = new HashMap<>();
        acknowledged.forEach(each -> missing.put(each.row(), each));
        int count = missing.size();
        try (Connection connection = connect(target.gateway(), USER);
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
                count, missing.keySet().stream().sorted().toList(), splitBrain(), warned.get(), longestSilence());
    }

    /** An answer may arrive late, as from a server that was frozen on the way; what counts is when the row was sent. */
    private List<String> splitBrain() {
        Map<String, Long> takenOverAt = new HashMap<>();
        Map<String, Long> firstAnswers = new HashMap<>();
        acknowledged.forEach(each -> firstAnswers.merge(each.server(), each.answeredAt(), Math::min));
        firstAnswers.forEach((server, since) -> firstAnswers.values().stream()
                .filter(other -> other > since)
                .min(Comparator.naturalOrder())
                .ifPresent(other -> takenOverAt.put(server, other)));
        return acknowledged.stream()
                .filter(each -> each.sentAt() > takenOverAt.getOrDefault(each.server(), Long.MAX_VALUE))
                .map(each -> each.row() + " by " + each.server())
                .sorted()
                .toList();
    }

    private Duration longestSilence() {
        long[] times = acknowledged.stream()
                .filter(Acknowledged::throughGateway)
                .sorted(Comparator.comparingLong(Acknowledged::answeredAt))
                .mapToLong(Acknowledged::answeredAt)
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
