package dev.holdfast.quickstart.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One node of the sample cluster. Answers every request with its name, {@code /health} for the checks, and {@code
 * /slow?ms=N} with a body that takes that long. {@code POST /faults?status=503} makes it answer everything but its checks
 * with that status, {@code ?health=503} its checks only, {@code ?status=none} and {@code ?health=none} end that; {@code
 * GET /faults} tells how many requests and checks it has answered.
 */
public final class SampleNode {

    private static final String NO_FAULT = "none";

    private static final int MAX_SLOW_MILLIS = 120_000;

    /** How long requests in progress may take when the node is asked to end. */
    private static final int STOP_SECONDS = 10;

    private final String name;
    private final String zone;
    private final HttpServer server;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong faultyAnswers = new AtomicLong();
    private volatile Optional<Integer> fault = Optional.empty();
    private volatile Optional<Integer> healthFault = Optional.empty();

    /** Binds the port; 0 takes a free one. */
    public SampleNode(String name, String zone, int port) throws IOException {
        this.name = name;
        this.zone = zone;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
    }

    /** Arguments: name, zone, port. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 3) {
            System.err.println("usage: SampleNode NAME ZONE PORT");
            System.exit(2);
        }
        SampleNode node = new SampleNode(arguments[0], arguments[1], Integer.parseInt(arguments[2]));
        Runtime.getRuntime().addShutdownHook(new Thread(node::stop));
        node.start();
        System.out.println(node.name + " listens on port " + node.port());
    }

    public void start() {
        server.start();
    }

    /** Takes no new connections and lets requests in progress end. */
    public void stop() {
        server.stop(STOP_SECONDS);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("x-served-by", name);
            switch (exchange.getRequestURI().getPath()) {
                case "/health" -> send(exchange, healthFault.orElse(200), "checked\n");
                case "/faults" -> answerFaults(exchange);
                case "/slow" -> sendSlowly(exchange);
                default -> sendUsual(exchange);
            }
        }
    }

    private void sendUsual(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        Optional<Integer> current = fault;
        if (current.isPresent()) {
            faultyAnswers.incrementAndGet();
            send(exchange, current.get(), name + " answers with " + current.get() + ", as it was told\n");
        } else {
            send(exchange, 200, "Hello from " + name + " in zone " + zone + "\n");
        }
    }

    private void answerFaults(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("GET")) {
            send(
                    exchange,
                    200,
                    "{\"requests\": %d, \"faultyAnswers\": %d}\n".formatted(requests.get(), faultyAnswers.get()));
            return;
        }
        Optional<String> status = parameter(exchange, "status").filter(SampleNode::isStatusOrNone);
        Optional<String> health = parameter(exchange, "health").filter(SampleNode::isStatusOrNone);
        if (!exchange.getRequestMethod().equals("POST") || (status.isEmpty() && health.isEmpty())) {
            send(exchange, 400, "POST /faults?status=503 or ?health=503 (400 to 599), or =none\n");
            return;
        }
        status.ifPresent(value -> fault = statusOrNone(value));
        health.ifPresent(value -> healthFault = statusOrNone(value));
        send(exchange, 200, name + " does so from now on\n");
    }

    private static Optional<Integer> statusOrNone(String value) {
        return Optional.of(value).filter(status -> !status.equals(NO_FAULT)).map(Integer::valueOf);
    }

    private static boolean isStatusOrNone(String status) {
        return status.equals(NO_FAULT) || status.matches("[45]\\d\\d");
    }

    /** Begins the answer at once and ends it later, as a download would. */
    private void sendSlowly(HttpExchange exchange) throws IOException {
        Optional<String> wanted = parameter(exchange, "ms").filter(value -> value.matches("\\d{1,6}"));
        if (wanted.isEmpty() || Integer.parseInt(wanted.get()) > MAX_SLOW_MILLIS) {
            send(exchange, 400, "/slow?ms=N, with N from 0 to " + MAX_SLOW_MILLIS + "\n");
            return;
        }
        int millis = Integer.parseInt(wanted.get());
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write((name + " begins\n").getBytes(StandardCharsets.UTF_8));
            body.flush();
            pause(millis);
            body.write((name + " ends after " + millis + " ms\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Not cut short by an end of the node: whoever stops it too early for its requests shall see that. */
    private static void pause(int millis) throws IOException {
        try {
            new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static Optional<String> parameter(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestURI().getQuery())
                .filter(query -> query.startsWith(name + "="))
                .map(query -> query.substring(name.length() + 1));
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
