package dev.holdfast.agent.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The programs of one PostgreSQL version. Only {@code postgres} and {@code initdb} have to be there. */
final class Programs {

    /** Where Debian and Red Hat put them, one folder for each version. */
    private static final List<Path> USUAL_PLACES = List.of(Path.of("/usr/lib/postgresql"), Path.of("/usr"));

    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

    private static final Pattern FOLDER_VERSION = Pattern.compile("(?:pgsql-)?(\\d+)");

    private static final Duration VERSION_LIMIT = Duration.ofSeconds(10);

    private static final int MAX_QUOTED = 2_000;

    private final Path folder;
    private final List<String> prefix;

    Programs(Path folder, List<String> prefix) {
        this.folder = folder;
        this.prefix = List.copyOf(prefix);
    }

    /** The folder of the newest version that is installed in one of the usual places; empty when there is none. */
    static Optional<Path> newestInstalled() throws IOException {
        NavigableMap<Integer, Path> found = new TreeMap<>();
        for (Path place : USUAL_PLACES) {
            if (Files.isDirectory(place)) {
                try (Stream<Path> versions = Files.list(place)) {
                    versions.filter(version -> folderVersion(version) > 0)
                            .filter(version -> Files.isExecutable(version.resolve("bin/postgres")))
                            .forEach(version -> found.put(folderVersion(version), version.resolve("bin")));
                }
            }
        }
        return Optional.ofNullable(found.lastEntry()).map(Map.Entry::getValue);
    }

    boolean has(String program) {
        return Files.isExecutable(folder.resolve(program));
    }

    /** The whole command that runs the program as an ordinary user. */
    List<String> command(String program, List<String> arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(folder.resolve(program).toString());
        command.addAll(arguments);
        return command;
    }

    int majorVersion() throws PostgresException, InterruptedException {
        Matcher matcher = VERSION.matcher(run("postgres", List.of("--version"), Map.of(), VERSION_LIMIT));
        if (!matcher.find()) {
            throw new PostgresException(folder.resolve("postgres") + " doesn't tell its version");
        }
        return Integer.parseInt(matcher.group(1));
    }

    /** Runs a program to its end and returns what it printed; anything but success is an exception that quotes it. */
    String run(String program, List<String> arguments, Map<String, String> environment, Duration limit)
            throws PostgresException, InterruptedException {
        return run(command(program, arguments), environment, limit);
    }

    /** Runs a program of the system in the same way, as the same user. */
    String runPlain(List<String> command, Duration limit) throws PostgresException, InterruptedException {
        List<String> whole = new ArrayList<>(prefix);
        whole.addAll(command);
        return run(whole, Map.of(), limit);
    }

    private static String run(List<String> command, Map<String, String> environment, Duration limit)
            throws PostgresException, InterruptedException {
        String name = command.toString();
        Path output = temporary(name);
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try {
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new PostgresException(name + " took longer than " + limit + ": " + quoted(output));
                }
            } finally {
                end(process); // Also when this thread is interrupted.
            }
            if (process.exitValue() != 0) {
                throw new PostgresException(name + " failed: " + quoted(output));
            }
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new PostgresException(name + " can't be run: " + e.getMessage(), e);
        } finally {
            deleteQuietly(output);
        }
    }

    private static void end(Process process) {
        if (process.isAlive()) {
            List<ProcessHandle> children = process.descendants().toList();
            process.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static Path temporary(String name) throws PostgresException {
        try {
            return Files.createTempFile("node-agent", ".log");
        } catch (IOException e) {
            throw new PostgresException(name + " can't be run: " + e.getMessage(), e);
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }

    private static String quoted(Path output) throws IOException {
        String text = Files.readString(output, StandardCharsets.UTF_8).strip();
        return text.length() <= MAX_QUOTED ? text : "…" + text.substring(text.length() - MAX_QUOTED);
    }

    private static int folderVersion(Path folder) {
        Matcher matcher = FOLDER_VERSION.matcher(String.valueOf(folder.getFileName()));
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }
}
