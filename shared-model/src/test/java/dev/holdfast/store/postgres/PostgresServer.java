package dev.holdfast.store.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server of its own, for tests that do it harm: a process that can be killed, frozen, cloned and promoted. */
public final class PostgresServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String USER = "postgres";

    private final Path data;
    private final int port;
    private @Nullable Process postmaster;

    private PostgresServer(Path data, int port) {
        this.data = data;
        this.port = port;
    }

    /** Makes an empty server, not yet started. */
    public static PostgresServer create(Path data) throws IOException, InterruptedException {
        run("initdb", "-D", data.toString(), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync");
        return configured(data);
    }

    /** Copies this server, which must be stopped, to one that will replicate from it. */
    PostgresServer cloneAsStandby(Path copy) throws IOException {
        copyTree(data, copy);
        PostgresServer standby = configured(copy);
        Files.createFile(copy.resolve("standby.signal"));
        standby.configure("primary_conninfo = 'host=127.0.0.1 port=" + port + " user=" + USER + "'");
        return standby;
    }

    private static PostgresServer configured(Path data) throws IOException {
        PostgresServer server = new PostgresServer(data, freePort());
        server.configure("port = " + server.port + "\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n"
                + "fsync = off\n");
        return server;
    }

    public void configure(String lines) throws IOException {
        Files.writeString(data.resolve("postgresql.conf"), "\n" + lines + "\n", StandardOpenOption.APPEND);
    }

    /** Starts the server and waits until it answers. */
    public void start() throws IOException {
        postmaster = new ProcessBuilder(command("postgres", "-D", data.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        data.resolveSibling(data.getFileName() + ".log").toFile()))
                .start();
        PostgresForTests.Database database = database("postgres");
        Awaitility.await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            try (Connection connection = database.connect()) {
                return connection.isValid(5);
            }
        });
    }

    /** Ends the server and every connection at once, as a loss of power would. */
    public void kill() {
        List<ProcessHandle> all = family(running()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        Awaitility.await().atMost(PATIENCE).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** Ends the server in good order. */
    void stop() throws InterruptedException, IOException {
        run("pg_ctl", "stop", "-D", data.toString(), "-m", "fast", "-w");
        running().waitFor();
    }

    void promote() throws InterruptedException, IOException {
        run("pg_ctl", "promote", "-D", data.toString(), "-w");
    }

    /** Freezes or thaws every process of the server. */
    void signal(String signal) throws IOException, InterruptedException {
        for (ProcessHandle process : family(running()).toList()) {
            signal(signal, process.pid());
        }
    }

    /** Freezes or thaws the postmaster alone: sessions go on, and no new one begins. */
    public void signalPostmaster(String signal) throws IOException, InterruptedException {
        signal(signal, running().pid());
    }

    static void signal(String signal, long pid) throws IOException, InterruptedException {
        finish(new ProcessBuilder("kill", "-" + signal, Long.toString(pid)));
    }

    public PostgresForTests.Database database(String name) {
        return new PostgresForTests.Database("jdbc:postgresql://" + address() + "/" + name, USER, "unused");
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = database("postgres").connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        if (postmaster != null && postmaster.isAlive()) {
            kill();
        }
    }

    private Process running() {
        if (postmaster == null) {
            throw new IllegalStateException("the server has not been started");
        }
        return postmaster;
    }

    private static Stream<ProcessHandle> family(Process parent) {
        return Stream.concat(Stream.of(parent.toHandle()), parent.descendants());
    }

    private static void run(String... program) throws IOException, InterruptedException {
        finish(new ProcessBuilder(command(program)));
    }

    private static void finish(ProcessBuilder command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("command", ".log");
        try {
            Process process = command.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(command.command() + " failed: " + Files.readString(output));
            }
        } finally {
            Files.delete(output);
        }
    }

    /** PostgreSQL refuses to run as root, so root runs it as nobody, in a user namespace. */
    private static List<String> command(String... program) {
        List<String> command = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(Binaries.FOLDER.resolve(program[0]).toString());
        command.addAll(List.of(program).subList(1, program.length));
        return command;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Path copy = to.resolve(from.relativize(folder));
                Files.createDirectory(copy);
                Files.setPosixFilePermissions(copy, Files.getPosixFilePermissions(folder));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** The programs of the embedded server, unpacked by starting it once. */
    private static final class Binaries {

        static final Path FOLDER = unpack();

        /** Where the library has unpacked them is known only to a server that runs. */
        private static Path unpack() {
            try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
                    Connection connection = postgres.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet setting =
                            statement.executeQuery("SELECT setting FROM pg_config() WHERE name = 'BINDIR'")) {
                setting.next();
                return Path.of(setting.getString(1));
            } catch (IOException | SQLException e) {
                throw new IllegalStateException("the embedded PostgreSQL can't be unpacked", e);
            }
        }
    }
}
