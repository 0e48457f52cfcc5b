package dev.holdfast.quickstart.process;

import dev.holdfast.quickstart.data.DataDirectory;
import dev.holdfast.quickstart.process.ProcessTable.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs processes: starts them, keeps {@code processes.json}, starts again those that are to be kept running when they
 * die, with a growing pause, and stops all in order. Safe for use by several threads.
 */
public final class Supervisor implements AutoCloseable {

    /** What processes inherit; everything else of the user's environment could change what a service reads. */
    private static final List<String> INHERITED = List.of("PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR");

    private static final Duration POLL = Duration.ofMillis(100);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** A process that ran this long has recovered: the next death starts with the first pause again. */
    private static final Duration STEADY = Duration.ofMinutes(1);

    /** How long a process that was started again may take until its return is no longer announced. */
    private static final Duration RETURN_LIMIT = Duration.ofMinutes(3);

    private static final Duration AFTER_KILL = Duration.ofSeconds(5);

    private final Path workingDirectory;
    private final ProcessTable table;
    private final OrphanGuard guard;
    private final Consumer<String> announce;
    private final LongSupplier nanoClock;
    private final ScheduledExecutorService restarts = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("restarts").factory());

    private final Map<String, Supervised> supervised = new LinkedHashMap<>();
    private boolean stopping;

    public Supervisor(DataDirectory data, Consumer<String> announce, LongSupplier nanoClock) throws IOException {
        this.workingDirectory = data.root();
        this.table = new ProcessTable(data);
        this.guard = new OrphanGuard(data.log("guard"));
        this.announce = announce;
        this.nanoClock = nanoClock;
    }

    /** Starts a process that has not been started here before, with a new log; the log of the last run is kept beside it. */
    public synchronized void start(ProcessDefinition definition) throws IOException, ProcessFailedException {
        if (Files.exists(definition.log())) {
            Path previous = definition.log().resolveSibling(definition.log().getFileName() + ".previous");
            Files.move(definition.log(), previous, StandardCopyOption.REPLACE_EXISTING);
        }
        Supervised entry = new Supervised(definition);
        supervised.put(definition.name(), entry);
        launch(entry);
    }

    /**
     * Waits until the process has begun its work.
     *
     * @throws ProcessFailedException when it ends before, or isn't ready in time
     */
    public void awaitReady(String name, Duration limit) throws ProcessFailedException, InterruptedException {
        Supervised entry = entry(name);
        long deadline = nanoClock.getAsLong() + limit.toNanos();
        while (!entry.definition.readiness().isReady()) {
            Process process = processOf(entry);
            if (process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ProcessFailedException(name + " did not start: it ended with "
                        + describeExit(process.exitValue()) + ".\n" + LogTail.of(entry.definition.log()));
            }
            if (nanoClock.getAsLong() - deadline > 0) {
                throw new ProcessFailedException(name + " did not start within " + limit.toSeconds() + " s.\n"
                        + LogTail.of(entry.definition.log()));
            }
        }
        synchronized (this) {
            entry.begunOnce = true;
        }
    }

    /**
     * Runs a process until it ends by itself, and forgets it.
     *
     * @throws ProcessFailedException when it ends with another exit code than 0, or not in time
     */
    public void runToEnd(ProcessDefinition definition, Duration limit)
            throws IOException, InterruptedException, ProcessFailedException {
        start(definition);
        Supervised entry = entry(definition.name());
        try {
            Process process = processOf(entry);
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ProcessFailedException(
                        definition.name() + " did not end within " + limit.toSeconds() + " s, see " + definition.log());
            }
            if (process.exitValue() != 0) {
                throw new ProcessFailedException(definition.name() + " ended with " + describeExit(process.exitValue())
                        + ".\n" + LogTail.of(definition.log()));
            }
        } finally {
            stop(definition.name());
            synchronized (this) {
                supervised.remove(definition.name());
            }
        }
    }

    /** The process id, when the process runs. */
    public synchronized Optional<Long> pid(String name) {
        return Optional.ofNullable(supervised.get(name))
                .flatMap(Supervised::running)
                .map(Process::pid);
    }

    /** Of all processes that were started here, whether they run or not. */
    public synchronized Set<String> names() {
        return Set.copyOf(supervised.keySet());
    }

    /** Stops one process and leaves it down until it is started again. */
    public void stop(String name) throws IOException, InterruptedException {
        Supervised entry = entry(name);
        Optional<Process> process;
        synchronized (this) {
            entry.wanted = false;
            process = entry.running();
        }
        if (process.isPresent()) {
            end(List.of(entry));
        }
    }

    /** Stops one process, if it runs, starts it again, and waits until it has begun its work. */
    public void restart(String name, Duration limit) throws IOException, InterruptedException, ProcessFailedException {
        stop(name);
        synchronized (this) {
            Supervised entry = entry(name);
            if (entry.running().isEmpty()) {
                launch(entry);
            }
        }
        awaitReady(name, limit);
    }

    /** Stops everything, group after group, and starts nothing any more. Processes named in no group are stopped last. */
    public void stopAll(List<List<String>> order) throws IOException, InterruptedException {
        List<List<Supervised>> groups = new ArrayList<>();
        synchronized (this) {
            stopping = true;
            Map<String, Supervised> rest = new LinkedHashMap<>(supervised);
            for (List<String> names : order) {
                groups.add(names.stream()
                        .flatMap(name -> Optional.ofNullable(rest.remove(name)).stream())
                        .toList());
            }
            groups.add(List.copyOf(rest.values()));
        }
        for (List<Supervised> group : groups) {
            end(group);
        }
    }

    /** Ends the supervision; processes that still run are stopped by the guard. */
    @Override
    public void close() throws IOException {
        restarts.shutdownNow();
        guard.close();
    }

    private synchronized Supervised entry(String name) {
        @Nullable Supervised entry = supervised.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("there is no process \"" + name + "\"");
        }
        return entry;
    }

    private synchronized Process processOf(Supervised entry) throws ProcessFailedException {
        if (entry.process == null || !entry.wanted) {
            throw new ProcessFailedException(entry.definition.name() + " was stopped");
        }
        return entry.process;
    }

    /** Holds the lock. */
    private void launch(Supervised entry) throws IOException, ProcessFailedException {
        if (stopping) {
            throw new ProcessFailedException("everything is being stopped");
        }
        ProcessDefinition definition = entry.definition;
        ProcessBuilder builder = new ProcessBuilder(OwnSession.of(definition.command()))
                .directory(workingDirectory.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(definition.log().toFile()));
        builder.environment().keySet().retainAll(INHERITED);
        builder.environment().putAll(definition.environment());
        Process process = builder.start();
        entry.process = process;
        entry.endSeen = false;
        entry.wanted = true;
        entry.startedAt = nanoClock.getAsLong();
        publish();
        Thread.ofVirtual()
                .name(definition.name())
                .start(() -> process.onExit()
                        .thenAccept(ended -> ended(entry, ended))
                        .join());
    }

    private synchronized void ended(Supervised entry, Process process) {
        if (!process.equals(entry.process) || entry.endSeen) {
            return;
        }
        entry.endSeen = true;
        publish();
        if (stopping || !entry.wanted || !entry.begunOnce) {
            return;
        }
        String what = entry.definition.name() + " (process " + process.pid() + ") ended with "
                + describeExit(process.exitValue());
        if (!entry.definition.restarted()) {
            announce.accept(what + "; the gateway goes on without it");
            return;
        }
        boolean steady = nanoClock.getAsLong() - entry.startedAt >= STEADY.toNanos();
        entry.deathsInRow = steady ? 1 : entry.deathsInRow + 1;
        Duration pause = pause(entry.deathsInRow);
        announce.accept(what + "; starting it again in " + pause.toMillis() + " ms");
        startAgainIn(pause, entry);
    }

    /** Doubles with every death in a row. */
    static Duration pause(int deathsInRow) {
        Duration pause = FIRST_PAUSE;
        for (int death = 1; death < deathsInRow && pause.compareTo(LONGEST_PAUSE) < 0; death++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private void startAgainIn(Duration pause, Supervised entry) {
        // The task reports its own failures; nobody waits for it.
        var _ = restarts.schedule(() -> startAgain(entry), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void startAgain(Supervised entry) {
        if (stopping || !entry.wanted || entry.running().isPresent()) {
            return;
        }
        try {
            launch(entry);
            Thread.ofVirtual().start(() -> announceReturn(entry));
        } catch (IOException | ProcessFailedException e) {
            announce.accept(entry.definition.name() + " could not be started again: " + e.getMessage());
            entry.deathsInRow++;
            startAgainIn(pause(entry.deathsInRow), entry);
        }
    }

    private void announceReturn(Supervised entry) {
        try {
            awaitReady(entry.definition.name(), RETURN_LIMIT);
            announce.accept(entry.definition.name() + " is back");
        } catch (ProcessFailedException e) {
            // Its end is announced where it is noticed.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end(List<Supervised> group) throws IOException, InterruptedException {
        Map<Supervised, Process> processes = new LinkedHashMap<>();
        synchronized (this) {
            group.forEach(entry -> entry.running().ifPresent(process -> processes.put(entry, process)));
        }
        long begun = nanoClock.getAsLong();
        for (Map.Entry<Supervised, Process> each : processes.entrySet()) {
            Signals.askToEnd(
                    each.getValue().toHandle(), each.getKey().definition.stopSignal());
        }
        for (Map.Entry<Supervised, Process> each : processes.entrySet()) {
            ProcessDefinition definition = each.getKey().definition;
            Process process = each.getValue();
            long left = definition.stopGrace().toNanos() - (nanoClock.getAsLong() - begun);
            if (!process.waitFor(Math.max(0, left), TimeUnit.NANOSECONDS)) {
                announce.accept(definition.name() + " (process " + process.pid() + ") did not end within "
                        + definition.stopGrace().toSeconds() + " s; killing it");
                Signals.kill(process.toHandle());
                process.waitFor(AFTER_KILL.toMillis(), TimeUnit.MILLISECONDS);
            }
            ended(each.getKey(), process);
        }
    }

    /** Holds the lock. A table that can't be written is said and doesn't stop the processes from being run. */
    private void publish() {
        List<Running> running = supervised.values().stream()
                .flatMap(entry -> entry.running().map(process -> running(entry, process)).stream())
                .toList();
        try {
            guard.watch(running.stream().map(Running::pid).toList());
            table.write(running);
        } catch (IOException e) {
            announce.accept("the list of processes could not be written: " + e.getMessage());
        }
    }

    private static Running running(Supervised entry, Process process) {
        long startedAt =
                process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return new Running(entry.definition.name(), process.pid(), entry.definition.port(), startedAt);
    }

    private static String describeExit(int exitValue) {
        return exitValue > 128 ? "signal " + (exitValue - 128) : "exit code " + exitValue;
    }

    /** Guarded by the supervisor's lock. */
    private static final class Supervised {

        private final ProcessDefinition definition;
        private @Nullable Process process;
        private boolean endSeen;
        private boolean wanted;
        private boolean begunOnce;
        private int deathsInRow;
        private long startedAt;

        Supervised(ProcessDefinition definition) {
            this.definition = definition;
        }

        Optional<Process> running() {
            return Optional.ofNullable(process).filter(Process::isAlive);
        }
    }
}
