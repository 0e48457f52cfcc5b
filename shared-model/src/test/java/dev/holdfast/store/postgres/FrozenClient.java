package dev.holdfast.store.postgres;

import static dev.holdfast.store.StoreFixtures.entry;
import static dev.holdfast.store.StoreFixtures.region;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.StoreUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A process that stops in the middle of a change until it is sent a line. */
final class FrozenClient {

    static final String HOLDING = "frozen-client: holding";

    static final String THROWN_OUT = "frozen-client: thrown out";

    private FrozenClient() {}

    static Process start(PostgresForTests.Database database) throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow();
        String classes =
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path", "no class path"));
        return new ProcessBuilder(List.of(
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classes,
                        FrozenClient.class.getName(),
                        database.url(),
                        database.username(),
                        database.password()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    public static void main(String[] address) {
        PostgresForTests.Database database = new PostgresForTests.Database(address[0], address[1], address[2]);
        try (StoreOnPostgres opened = StoreOnPostgres.open(database)) {
            Revision unexpected = opened.store().change(change -> {
                Revision recorded = change.record(entry(EventType.OBSERVER_LOST));
                change.put(region("half-way", "a"));
                System.out.println(HOLDING);
                try {
                    System.in.read();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return recorded;
            });
            System.out.println("frozen-client: committed " + unexpected);
        } catch (StoreUnavailableException e) {
            System.out.println(THROWN_OUT);
        }
    }
}
