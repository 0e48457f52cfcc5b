package dev.holdfast.agent.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The server's first process: started here, or found running after the agent itself was away. */
final class Postmaster {

    /** An immediate stop takes moments; what still runs then is stuck and is killed. */
    private static final Duration IMMEDIATE_LIMIT = Duration.ofSeconds(5);

    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);

    private static final Duration SIGNAL_LIMIT = Duration.ofSeconds(5);

    private final EngineSettings settings;
    private final Patience patience;
    private final Runnable onExit;
    private volatile @Nullable ProcessHandle known;

    /** @param onExit told, on some thread, of the end of a process that was started here */
    Postmaster(EngineSettings settings, Patience patience, Runnable onExit) {
        this.settings = settings;
        this.patience = patience;
        this.onExit = onExit;
    }

    /** Starts the server. It outlives the agent, and nothing that is typed into the agent's terminal reaches it. */
    void start(Programs programs) throws PostgresException, InterruptedException {
        if (isRunning()) {
            return;
        }
        if (!patience.until(KILL_LIMIT, () -> ServerFamily.in(settings.data()).isEmpty())) {
            throw new PostgresException("processes of an earlier server still run in " + settings.data());
        }
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("-D", settings.data().toString()));
        arguments.addAll(List.of("-p", Integer.toString(settings.network().port())));
        settings.configuration()
                .ifPresent(
                        folder -> arguments.addAll(List.of("-c", "config_file=" + folder.resolve("postgresql.conf"))));
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(programs.command("postgres", arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(settings.log().toFile()))
                    .start();
            known = process.toHandle();
            // Nobody waits for it: the listener is told on the thread that notices the end.
            CompletableFuture<Void> _ = process.onExit().thenRun(onExit);
        } catch (IOException e) {
            throw new PostgresException("PostgreSQL can't be started: " + e.getMessage(), e);
        }
    }

    boolean isRunning() {
        return process().isPresent();
    }

    /** Whoever runs in the data directory, also when another has started it. */
    Optional<ProcessHandle> process() {
        ProcessHandle process = known;
        if (process != null && ServerFamily.isAlive(process)) {
            return Optional.of(process);
        }
        Optional<ProcessHandle> found = pidFromFile().flatMap(pid -> ServerFamily.member(pid, settings.data()));
        known = found.orElse(null);
        return found;
    }

    /** Stops the server and returns when none of its processes is left. */
    void stop(boolean fast) throws PostgresException, InterruptedException {
        Optional<ProcessHandle> process = process();
        boolean ended = process.isEmpty();
        if (!ended && fast) {
            signal("INT", process.orElseThrow().pid());
            ended = endsWithin(settings.limits().stop());
        }
        if (!ended) {
            signal("QUIT", process.orElseThrow().pid());
            ended = endsWithin(IMMEDIATE_LIMIT);
        }
        if (!ended) {
            process.ifPresent(ProcessHandle::destroyForcibly);
        }
        ServerFamily.in(settings.data()).forEach(ProcessHandle::destroyForcibly);
        if (!endsWithin(KILL_LIMIT)) {
            throw new PostgresException("processes of the server in " + settings.data() + " can't be ended");
        }
    }

    private boolean endsWithin(Duration limit) throws PostgresException, InterruptedException {
        return patience.until(
                limit, () -> !isRunning() && ServerFamily.in(settings.data()).isEmpty());
    }

    /** Java by itself sends only two of them. Returns when the signal has been sent; an ended process is no failure. */
    private static void signal(String signal, long pid) throws PostgresException, InterruptedException {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(SIGNAL_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                kill.destroyForcibly();
                throw new PostgresException("no signal can be sent to process " + pid);
            }
        } catch (IOException e) {
            throw new PostgresException("no signal can be sent: " + e.getMessage(), e);
        }
    }

    private Optional<Long> pidFromFile() {
        Path file = settings.data().resolve("postmaster.pid");
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            return Files.readAllLines(file).stream()
                    .findFirst()
                    .map(String::strip)
                    .filter(pid -> pid.chars().allMatch(Character::isDigit) && !pid.isEmpty())
                    .map(Long::parseLong);
        } catch (IOException e) {
            return Optional.empty(); // It goes away with the server.
        }
    }
}
