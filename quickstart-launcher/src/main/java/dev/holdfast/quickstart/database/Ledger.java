package dev.holdfast.quickstart.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Writes a row into the sample database twenty times a second, through the gateway, and keeps count of those that were
 * acknowledged. When writes were not answered for a while it says for how long, and looks whether every acknowledged row is
 * still there.
 */
public final class Ledger {

    /** The password comes this way, so that no process list shows it. */
    static final String PASSWORD_VARIABLE = "LEDGER_PASSWORD";

    private static final Duration PAUSE = Duration.ofMillis(50);

    private static final Duration RETRY_PAUSE = Duration.ofMillis(100);

    /** What is shorter is no interruption worth telling. */
    private static final Duration NOTICEABLE = Duration.ofMillis(500);

    private static final int CONNECT_SECONDS = 60;

    /** A primary that is frozen answers nothing; the gateway ends its connections when there is another one. */
    private static final int SOCKET_SECONDS = 30;

    private final PGSimpleDataSource database = new PGSimpleDataSource();
    private final UUID run = UUID.randomUUID();
    private final BitSet acknowledged = new BitSet();
    private int next;
    private long lastAnswer = System.nanoTime();

    private Ledger(int port, String password) {
        database.setServerNames(new String[] {"127.0.0.1"});
        database.setPortNumbers(new int[] {port});
        database.setDatabaseName("postgres");
        database.setUser(DatabaseNodes.USER);
        database.setPassword(password);
        database.setLoginTimeout(CONNECT_SECONDS);
        database.setSocketTimeout(SOCKET_SECONDS);
        database.setApplicationName("ledger");
    }

    /** Argument: the port of the way to the primary. */
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 1) {
            System.err.println("usage: Ledger PORT");
            System.exit(2);
        }
        new Ledger(Integer.parseInt(arguments[0]), System.getenv(PASSWORD_VARIABLE)).write();
    }

    private void write() throws InterruptedException {
        String trouble = "";
        while (true) {
            try (Connection connection = database.getConnection()) {
                prepare(connection);
                trouble = "";
                insert(connection);
            } catch (SQLException e) {
                if (!trouble.equals(e.getMessage())) {
                    trouble = String.valueOf(e.getMessage());
                    say("not answered: " + trouble.lines().findFirst().orElse(""));
                }
                pause(RETRY_PAUSE);
            }
        }
    }

    private static void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS public.sample_ledger (run uuid, number integer, at timestamptz DEFAULT now(),"
                            + " PRIMARY KEY (run, number))");
        }
    }

    /** Until the connection breaks. */
    private void insert(Connection connection) throws SQLException, InterruptedException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO public.sample_ledger (run, number) VALUES (?, ?)")) {
            insert.setObject(1, run);
            while (true) {
                int number = next++;
                insert.setInt(2, number);
                insert.executeUpdate();
                if (insert.getWarnings() == null) {
                    acknowledged.set(number);
                } else {
                    // Such as a wait for standbys that was cut short: the row may be on one node alone.
                    say("answered with a warning, not counted: "
                            + insert.getWarnings().getMessage());
                    insert.clearWarnings();
                }
                Duration silence = Duration.ofNanos(System.nanoTime() - lastAnswer);
                if (number > 0 && silence.compareTo(NOTICEABLE) > 0) {
                    say("writes were not answered for %d ms; %s".formatted(silence.toMillis(), verified(connection)));
                }
                lastAnswer = System.nanoTime();
                pause(PAUSE);
            }
        }
    }

    private String verified(Connection connection) throws SQLException {
        BitSet missing = (BitSet) acknowledged.clone();
        try (PreparedStatement select =
                connection.prepareStatement("SELECT number FROM public.sample_ledger WHERE run = ?")) {
            select.setObject(1, run);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    missing.clear(rows.getInt(1));
                }
            }
        }
        return missing.isEmpty()
                ? "all " + acknowledged.cardinality() + " acknowledged rows are there"
                : missing.cardinality() + " acknowledged rows ARE MISSING: " + missing;
    }

    private static void pause(Duration duration) throws InterruptedException {
        new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void say(String text) {
        System.out.println(LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS) + " " + text);
    }
}
