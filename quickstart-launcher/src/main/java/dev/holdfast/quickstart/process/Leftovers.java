package dev.holdfast.quickstart.process;

import dev.holdfast.quickstart.data.DataDirectory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Processes of an earlier launcher that was killed before it could stop them. */
public final class Leftovers {

    private static final Duration GRACE = Duration.ofSeconds(10);

    /** The system computes start times from its boot time, which moves a little when the clock is set. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);

    private Leftovers() {}

    /** Stops them all and says so; strangers that meanwhile got one of the process ids are left alone. */
    public static void stop(DataDirectory data, Consumer<String> announce) throws IOException, InterruptedException {
        ProcessTable table = new ProcessTable(data);
        List<ProcessHandle> left = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (ProcessTable.Started earlier : table.readEarlier()) {
            Optional<ProcessHandle> still = ProcessHandle.of(earlier.pid())
                    .filter(process -> startedAt(process, Instant.ofEpochMilli(earlier.startedAtMillis())));
            still.ifPresent(process -> {
                left.add(process);
                names.add(earlier.name());
            });
        }
        if (!left.isEmpty()) {
            announce.accept("an earlier run was killed; stopping what it left behind: " + String.join(", ", names));
            for (ProcessHandle process : left) {
                Signals.askToEnd(process, "TERM");
            }
            awaitEnd(left);
            left.forEach(Signals::kill);
            awaitEnd(left);
        }
        table.write(List.of());
    }

    private static boolean startedAt(ProcessHandle process, Instant expected) {
        return process.info()
                .startInstant()
                .map(actual -> Duration.between(expected, actual).abs().compareTo(CLOCK_TOLERANCE) <= 0)
                .orElse(false);
    }

    private static void awaitEnd(List<ProcessHandle> processes) throws InterruptedException {
        CompletableFuture<?>[] ends =
                processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(ends).get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // Those that ignore the request are killed next; those that can't even be killed will show as busy ports.
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for a process to end doesn't fail", e);
        }
    }
}
