package dev.holdfast.health.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.health.ProbeResult;
import dev.holdfast.model.topology.CheckType;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.store.postgres.PostgresForTests;
import dev.holdfast.store.postgres.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/** Checks of a real PostgreSQL, and of servers that are none. */
class PostgresProbeTest {

    private static final LoopResources LOOPS = LoopResources.create("test-probes", 1, true);

    /** For servers that never answer. */
    private static final Duration SHORT = Duration.ofMillis(400);

    /** For servers that do, on a machine that is busy. */
    private static final Duration LONG = Duration.ofSeconds(20);

    private final NettyProber prober =
            new NettyProber(LOOPS, Schedulers.parallel(), System::nanoTime, Clock.systemUTC());

    @AfterAll
    static void disposeLoops() {
        LOOPS.dispose();
    }

    @Test
    void aServerIsHealthyAsLongAsItsPostmasterTakesConnections(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("pg");
        try (PostgresServer server = PostgresServer.create(data)) {
            server.configure("max_connections = 1\nsuperuser_reserved_connections = 0\nreserved_connections = 0");
            server.start();
            Endpoint address = Endpoint.parse(server.address());
            String log = log(data);

            for (int i = 0; i < 3; i++) {
                assertThat(probe(address, CheckType.POSTGRESQL, LONG)).isEqualTo("SUCCESS: PostgreSQL answered");
            }
            assertThat(log(data)).as("checks leave no trace").isEqualTo(log);
            PostgresForTests.Database database = server.database("postgres");
            try (Connection last =
                    DriverManager.getConnection(database.url(), database.username(), database.password())) {
                assertThat(last.isValid(10)).isTrue();
                assertThat(probe(address, CheckType.POSTGRESQL, LONG))
                        .as("with its one connection taken")
                        .startsWith("SUCCESS");

                server.signalPostmaster("STOP");
                assertThat(probe(address, CheckType.POSTGRESQL, SHORT)).isEqualTo("TIMEOUT: no answer within 400 ms");
                assertThat(probe(address, CheckType.TCP, LONG))
                        .as("what this check is for")
                        .startsWith("SUCCESS");
                server.signalPostmaster("CONT");
                assertThat(probe(address, CheckType.POSTGRESQL, LONG)).startsWith("SUCCESS");
            }
            server.kill();
            assertThat(probe(address, CheckType.POSTGRESQL, LONG)).isEqualTo("REFUSED: connection refused");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "N | SUCCESS: PostgreSQL answered",
                "G | SUCCESS: PostgreSQL answered",
                "Efork failed: no memory\0 | UNEXPECTED_ANSWER: PostgreSQL answered with an error: \"fork failed: no memory\"",
                "E | UNEXPECTED_ANSWER: PostgreSQL answered with an error: \"\"",
                "HTTP/1.1 400 Bad\u0007 | UNEXPECTED_ANSWER: answered, but not as PostgreSQL does: \"HTTP/1.1 400 Bad\"",
                "S | UNEXPECTED_ANSWER: answered, but not as PostgreSQL does: \"S\"",
                "'' | UNEXPECTED_ANSWER: accepted, and then closed the connection without an answer"
            })
    void whatComesIsToldAndOnlyTheRightByteIsASuccess(String answer, String told) throws IOException {
        try (ServerSocket server = speak(socket -> {
            byte[] asked = socket.getInputStream().readNBytes(8);
            assertThat(asked).containsExactly(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x30);
            socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
        })) {
            assertThat(probe(at(server), CheckType.POSTGRESQL, LONG)).isEqualTo(told);
        }
    }

    @Test
    void aServerThatResetsTheConnectionProvesThatThePathWorks() throws IOException {
        try (ServerSocket server = speak(socket -> {
            socket.getInputStream().read();
            socket.setSoLinger(true, 0);
        })) {
            assertThat(probe(at(server), CheckType.POSTGRESQL, LONG))
                    .startsWith("UNEXPECTED_ANSWER: accepted, and then");
        }
    }

    @Test
    void aServerThatSaysNothingTimesOutAndIsHungUpOn() throws Exception {
        CountDownLatch hungUp = new CountDownLatch(1);
        try (ServerSocket server = speak(socket -> {
            socket.getInputStream().readAllBytes();
            hungUp.countDown();
        })) {
            assertThat(probe(at(server), CheckType.POSTGRESQL, SHORT)).isEqualTo("TIMEOUT: no answer within 400 ms");
            assertThat(hungUp.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }
    }

    private String probe(Endpoint address, CheckType type, Duration timeout) {
        HealthCheck check =
                new HealthCheck(type, "/", "200", Optional.empty(), true, Duration.ofSeconds(60), timeout, 2, 3, 0.0);
        ProbeResult result = prober.probe(new CheckTarget(new NodeId("pg-1"), new ClusterId("orders"), address, check))
                .blockOptional()
                .orElseThrow();
        return result.outcome() + ": " + result.detail();
    }

    private static String log(Path data) throws IOException {
        return Files.readString(data.resolveSibling(data.getFileName() + ".log"));
    }

    private static Endpoint at(ServerSocket server) {
        return new Endpoint("127.0.0.1", server.getLocalPort());
    }

    private interface Talk {
        void with(Socket socket) throws IOException;
    }

    /** A server that says what it is told to on one connection and then closes it. */
    private static ServerSocket speak(Talk talk) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try (Socket socket = server.accept()) {
                talk.with(socket);
            } catch (IOException closed) {
                // Whatever the prober made of the connection is its own account, which the test compares.
                return;
            }
        });
        return server;
    }
}
