package dev.holdfast.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.holdfast.model.health.ProbeOutcome;
import dev.holdfast.model.health.ProbeResult;
import dev.holdfast.model.topology.CheckType;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.NodeId;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/** Checks of real servers on the loopback. */
class NettyProberTest {

    private static final LoopResources LOOPS = LoopResources.create("test-probes", 1, true);

    /** For servers that never answer. */
    private static final Duration SHORT = Duration.ofMillis(400);

    /** For servers that do, on a machine that is busy. */
    private static final Duration LONG = Duration.ofSeconds(20);

    private final NettyProber prober =
            new NettyProber(LOOPS, Schedulers.parallel(), System::nanoTime, Clock.systemUTC());

    @TempDir
    private Path folder;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final CountDownLatch done = new CountDownLatch(1);

    @AfterEach
    void close() throws Exception {
        done.countDown();
        for (AutoCloseable resource : opened) {
            resource.close();
        }
    }

    @AfterAll
    static void disposeLoops() {
        LOOPS.dispose();
    }

    @Test
    void anExpectedStatusIsASuccess() throws IOException {
        ProbeResult result = probe(serve(answer(204, "")), http("/health", "200-299"));
        assertThat(result.outcome()).isEqualTo(ProbeOutcome.SUCCESS);
        assertThat(result.detail()).isEqualTo("204 from GET /health");
        assertThat(result.latency()).isPositive();
    }

    @Test
    void anotherStatusProvesThatThePathWorks() throws IOException {
        ProbeResult result = probe(serve(answer(503, "no")), http("/", "200"));
        assertThat(result.outcome()).isEqualTo(ProbeOutcome.UNEXPECTED_ANSWER);
        assertThat(result.detail()).isEqualTo("503 from GET /");
        assertThat(probe(serve(answer(503, "yes")), http("/", "503")).outcome()).isEqualTo(ProbeOutcome.SUCCESS);
    }

    @Test
    void aRedirectIsAnAnswerAndNotFollowed() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        int port = serve(exchange -> {
            asked.incrementAndGet();
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            answer(302, "").handle(exchange);
        });
        assertThat(probe(port, http("/", "200")).outcome()).isEqualTo(ProbeOutcome.UNEXPECTED_ANSWER);
        assertThat(asked).hasValue(1);
    }

    @Test
    void nothingListeningIsRefused() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertThat(probe(port, http("/", "200")).outcome()).isEqualTo(ProbeOutcome.REFUSED);
        assertThat(probe(port, check(CheckType.TCP, "/", "200", true)).outcome())
                .isEqualTo(ProbeOutcome.REFUSED);
    }

    @Test
    void aServerThatAcceptsAndSaysNothingTimesOut() throws IOException {
        ServerSocket silent = open(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        long before = System.nanoTime();
        ProbeResult result = probe(silent.getLocalPort(), check(CheckType.HTTP, "/", "200", true, SHORT));
        assertThat(result.outcome()).isEqualTo(ProbeOutcome.TIMEOUT);
        assertThat(result.detail()).isEqualTo("no answer within 400 ms");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        assertThat(probe(silent.getLocalPort(), check(CheckType.TCP, "/", "200", true))
                        .outcome())
                .isEqualTo(ProbeOutcome.SUCCESS);
    }

    @Test
    void aBodyThatNeverEndsTimesOut() throws IOException {
        int port = serve(exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            await(done);
        });
        assertThat(probe(port, check(CheckType.HTTP, "/", "200", true, SHORT)).outcome())
                .isEqualTo(ProbeOutcome.TIMEOUT);
    }

    @Test
    void anEndlessFastBodyIsReadToItsBoundOnly() throws IOException {
        int port = serve(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                while (done.getCount() > 0) {
                    body.write(new byte[8192]);
                }
            } catch (IOException closed) {
                done.countDown();
            }
        });
        assertThat(probe(port, http("/", "200")).outcome()).isEqualTo(ProbeOutcome.SUCCESS);
        await(done);
    }

    /** As a TCP proxy does that has nothing behind it. */
    @Test
    void aServerThatAcceptsAndThenClosesProvesThatThePathWorks() throws IOException {
        int port = speak(socket -> {});
        for (CheckType type : List.of(CheckType.HTTP, CheckType.HTTPS)) {
            ProbeResult result = probe(port, check(type, "/", "200", false));
            assertThat(result.outcome()).as(result.detail()).isEqualTo(ProbeOutcome.UNEXPECTED_ANSWER);
        }
    }

    @Test
    void aServerThatAcceptsAndThenResetsProvesThatThePathWorks() throws IOException {
        int port = speak(socket -> {
            socket.getInputStream().read();
            socket.setSoLinger(true, 0);
        });
        for (CheckType type : List.of(CheckType.HTTP, CheckType.HTTPS)) {
            ProbeResult result = probe(port, check(type, "/", "200", false));
            assertThat(result.outcome()).as(result.detail()).isEqualTo(ProbeOutcome.UNEXPECTED_ANSWER);
        }
    }

    @Test
    void aServerThatBreaksOffInItsAnswerProvesThatThePathWorks() throws IOException {
        int port = speak(socket -> {
            socket.getInputStream().read();
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf".getBytes(StandardCharsets.US_ASCII));
        });
        ProbeResult result = probe(port, http("/", "200"));
        assertThat(result.outcome()).as(result.detail()).isEqualTo(ProbeOutcome.UNEXPECTED_ANSWER);
    }

    /** 255.255.255.255 is nobody's address: the system refuses by itself, and no node has said anything. */
    @Test
    void aConnectionThatThisMachineCannotOpenLeavesThePathInDoubt() {
        for (CheckType type : List.of(CheckType.HTTP, CheckType.TCP)) {
            CheckTarget target = new CheckTarget(
                    new NodeId("shop-1"),
                    new ClusterId("shop"),
                    new Endpoint("255.255.255.255", 80),
                    check(type, "/", "200", true));
            ProbeResult result = prober.probe(target).blockOptional().orElseThrow();
            assertThat(result.outcome()).as(result.detail()).isEqualTo(ProbeOutcome.UNREACHABLE);
        }
    }

    @Test
    void somethingThatIsNotHttpIsAnUnexpectedAnswer() throws IOException {
        int port = speak(socket -> {
            socket.getInputStream().read();
            socket.getOutputStream().write("SSH-2.0-OpenSSH_9.2\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            await(done);
        });
        ProbeResult result = probe(port, http("/", "200"));
        assertThat(result.outcome()).as(result.detail()).isEqualTo(ProbeOutcome.UNEXPECTED_ANSWER);
    }

    @Test
    void aHostThatDoesNotResolveIsUnreachable() {
        CheckTarget target = new CheckTarget(
                new NodeId("shop-1"),
                new ClusterId("shop"),
                new Endpoint("no-such-host.invalid", 80),
                http("/", "200"));
        assertThat(prober.probe(target).blockOptional().orElseThrow().outcome()).isEqualTo(ProbeOutcome.UNREACHABLE);
    }

    @Test
    void aSelfSignedCertificateIsTakenOnlyWhereVerificationIsOff() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(selfSigned().getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        int port = start(server, answer(200, "ok"));

        ProbeResult verified = probe(port, check(CheckType.HTTPS, "/", "200", true));
        assertThat(verified.outcome()).isEqualTo(ProbeOutcome.UNEXPECTED_ANSWER);
        assertThat(verified.detail()).startsWith("TLS failed");
        ProbeResult unverified = probe(port, check(CheckType.HTTPS, "/", "200", false));
        assertThat(unverified.outcome()).as(unverified.detail()).isEqualTo(ProbeOutcome.SUCCESS);
    }

    @Test
    void plainHttpOnATlsCheckIsAnUnexpectedAnswer() throws IOException {
        int port = serve(answer(200, "ok"));
        assertThat(probe(port, check(CheckType.HTTPS, "/", "200", false)).outcome())
                .isEqualTo(ProbeOutcome.UNEXPECTED_ANSWER);
    }

    @Test
    void everyCheckOpensAConnectionOfItsOwn() throws IOException {
        AtomicInteger connections = new AtomicInteger();
        int port = speak(socket -> {
            connections.incrementAndGet();
            socket.getInputStream().read();
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            await(done);
        });
        for (int i = 0; i < 3; i++) {
            assertThat(probe(port, http("/", "200")).outcome()).isEqualTo(ProbeOutcome.SUCCESS);
        }
        assertThat(connections).hasValue(3);
    }

    /** A key with a certificate that nobody vouches for, and for another name at that. */
    private KeyManagerFactory selfSigned() throws Exception {
        Path keys = folder.resolve("keys.p12");
        String password = "for-this-test";
        int exit = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=somebody-else",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        password)
                .inheritIO()
                .start()
                .waitFor();
        assertThat(exit).isZero();
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(KeyStore.getInstance(keys.toFile(), password.toCharArray()), password.toCharArray());
        return factory;
    }

    private ProbeResult probe(int port, HealthCheck check) {
        CheckTarget target =
                new CheckTarget(new NodeId("shop-1"), new ClusterId("shop"), new Endpoint("127.0.0.1", port), check);
        return prober.probe(target).blockOptional().orElseThrow();
    }

    private static HealthCheck http(String path, String expected) {
        return check(CheckType.HTTP, path, expected, true);
    }

    private static HealthCheck check(CheckType type, String path, String expected, boolean verify) {
        return check(type, path, expected, verify, LONG);
    }

    private static HealthCheck check(CheckType type, String path, String expected, boolean verify, Duration timeout) {
        return new HealthCheck(
                type, path, expected, Optional.empty(), verify, Duration.ofSeconds(60), timeout, 2, 3, 0.0);
    }

    private int serve(HttpHandler handler) throws IOException {
        return start(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50), handler);
    }

    private int start(HttpServer server, HttpHandler handler) {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", handler);
        server.start();
        opened.add(threads::shutdownNow);
        opened.add(() -> server.stop(0));
        return server.getAddress().getPort();
    }

    private static HttpHandler answer(int status, String body) {
        return exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        };
    }

    private interface Talk {
        void with(Socket socket) throws IOException;
    }

    /** A server that says what it is told to on every connection and then closes it. */
    private int speak(Talk talk) throws IOException {
        ServerSocket server = open(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> {
                        try (socket) {
                            talk.with(socket);
                        } catch (IOException closed) {
                            done.countDown();
                        }
                    });
                } catch (IOException closed) {
                    return;
                }
            }
        });
        return server.getLocalPort();
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.add(resource);
        return resource;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
