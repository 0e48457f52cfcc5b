package dev.holdfast.endtoend;

import static org.awaitility.Awaitility.await;

import dev.holdfast.quickstart.port.PortCheck;
import dev.holdfast.quickstart.port.Ports;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** A quickstart that was started the way a user starts one, and the signals to hurt it with. */
final class RunningQuickstart implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(5);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private static final Pattern READY = Pattern.compile(
            "ready: gateway=(?<gateway>\\S+) control=(?<control>\\S+) token=(?<token>\\S+) data=(?<data>.+)");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Process launcher;
    private final Ports ports;
    private final Matcher ready;
    private final List<String> output;

    private RunningQuickstart(Process launcher, Ports ports, Matcher ready, List<String> output) {
        this.launcher = launcher;
        this.ports = ports;
        this.ready = ready;
        this.output = output;
    }

    /** @param more arguments of the script */
    static RunningQuickstart start(Path dataDirectory, Ports ports, String... more)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(
                List.of("--no-build", "--data-dir", dataDirectory.toString(), "--port-offset", "" + ports.offset()));
        arguments.addAll(List.of(more));
        Process launcher = command(arguments.toArray(String[]::new))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        CompletableFuture<Matcher> ready = new CompletableFuture<>();
        List<String> output = new CopyOnWriteArrayList<>();
        Thread.ofVirtual().start(() -> read(launcher.getInputStream(), output, ready));
        try {
            return new RunningQuickstart(launcher, ports, ready.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS), output);
        } catch (TimeoutException | ExecutionException e) {
            launcher.destroy();
            launcher.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
            throw new IOException("the quickstart did not come up", e);
        }
    }

    /** The script with these arguments, to be started. */
    static ProcessBuilder command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(home().resolve("quickstart").toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(Path.of("/").toFile());
    }

    /** The root of the repository. */
    static Path home() {
        return Path.of(System.getProperty("holdfast.home", ".."))
                .toAbsolutePath()
                .normalize();
    }

    /**
     * An offset at which all ports are free at this moment. Offsets lie further apart than the ports of one quickstart, or
     * a port that another one's dead service will want again would count as free.
     */
    static Ports freePorts() throws IOException {
        for (int offset = 11_000; offset <= 21_000; offset += 2_000) {
            Ports ports = new Ports(offset);
            if (PortCheck.findBusy(ports).isEmpty()) {
                return ports;
            }
        }
        throw new IOException("every offset has a busy port");
    }

    private static void read(InputStream output, List<String> seen, CompletableFuture<Matcher> ready) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
            lines.lines().forEach(line -> {
                System.out.println("quickstart | " + line);
                seen.add(line);
                Matcher matcher = READY.matcher(line);
                if (matcher.matches()) {
                    ready.complete(matcher);
                }
            });
        } catch (IOException | UncheckedIOException e) {
            ready.completeExceptionally(e);
        }
        ready.completeExceptionally(new IOException("it ended without the line that begins with \"ready:\""));
    }

    String gateway() {
        return ready.group("gateway");
    }

    /** The lines that it prints for people to paste into a terminal. */
    List<String> thingsToTry() {
        await("the things to try are printed").until(() -> output.stream().anyMatch(line -> line.startsWith("Ctrl-C")));
        return output.stream()
                .filter(line -> line.startsWith("     "))
                .map(String::strip)
                .toList();
    }

    String token() {
        return ready.group("token");
    }

    Path data() {
        return Path.of(ready.group("data"));
    }

    /** The address of the status page. */
    String statusPage() {
        return ready.group("control") + "/";
    }

    ControlApi control() {
        return new ControlApi(ready.group("control"), token());
    }

    Process launcher() {
        return launcher;
    }

    /** Of a sample node, not through the gateway. */
    String node(String name) {
        return "http://127.0.0.1:" + ports.node(Integer.parseInt(name.substring("node-".length())));
    }

    /** The database, through the gateway and not. */
    LedgerTraffic.Target database() {
        Map<String, InetSocketAddress> servers = new LinkedHashMap<>();
        for (int number = 1; number <= Ports.DATABASE_NODES; number++) {
            servers.put("db-" + number, InetSocketAddress.createUnresolved("127.0.0.1", ports.database(number)));
        }
        return new LedgerTraffic.Target(
                InetSocketAddress.createUnresolved("127.0.0.1", ports.databaseReadWrite()),
                servers,
                secret("database"));
    }

    DatabaseNode databaseNode(String name) {
        return new DatabaseNode(() -> pid(name), data().resolve(name).resolve("data"));
    }

    private String secret(String name) {
        try {
            return JSON.readTree(Files.readString(data().resolve("secrets.json")))
                    .path(name)
                    .asString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What {@code processes.json} says at this moment: process ids by name. */
    Map<String, Long> processes() {
        try {
            Map<String, Long> processes = new LinkedHashMap<>();
            JSON.readTree(Files.readString(data().resolve("processes.json")))
                    .forEach(entry -> processes.put(
                            entry.path("name").asString(), entry.path("pid").asLong()));
            return processes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Optional<Long> pid(String name) {
        return Optional.ofNullable(processes().get(name));
    }

    void kill(String name) throws IOException, InterruptedException {
        signal("KILL", pid(name).orElseThrow());
    }

    /** Stops the process where it is, as a machine that hangs would; its port still takes connections. */
    void freeze(String name) throws IOException, InterruptedException {
        signal("STOP", pid(name).orElseThrow());
    }

    void thaw(String name) throws IOException, InterruptedException {
        signal("CONT", pid(name).orElseThrow());
    }

    /** Takes a process down until {@link #bringBack}. */
    void takeDown(String name) throws IOException, InterruptedException {
        hook("/processes/" + name + "/stop");
    }

    void bringBack(String name) throws IOException, InterruptedException {
        hook("/processes/" + name + "/start");
    }

    void restart(String name) throws IOException, InterruptedException {
        hook("/nodes/" + name + "/restart");
    }

    private void hook(String path) throws IOException, InterruptedException {
        Http.post("http://127.0.0.1:" + ports.restartHook() + path + "?token=" + secret("restart-hook"));
    }

    /** Waits until the process that had this id has been replaced by one that runs. */
    void awaitReplaced(String name, long before) {
        await(name + " is started again")
                .atMost(Duration.ofMinutes(2))
                .until(() -> pid(name).filter(pid -> pid != before).isPresent());
    }

    static void signal(String signal, long pid) throws IOException, InterruptedException {
        int result = new ProcessBuilder("kill", "-s", signal, Long.toString(pid))
                .inheritIO()
                .start()
                .waitFor();
        if (result != 0) {
            throw new IOException("process " + pid + " could not be sent " + signal);
        }
    }

    /** Stops it by SIGTERM; returns the exit code. */
    int stop() throws InterruptedException {
        launcher.destroy();
        if (!launcher.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            launcher.destroyForcibly();
            throw new AssertionError("the quickstart did not end within " + STOP_LIMIT);
        }
        return launcher.exitValue();
    }

    @Override
    public void close() {
        try {
            if (launcher.isAlive()) {
                stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
