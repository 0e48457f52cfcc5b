package dev.holdfast.quickstart.sample;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.holdfast.quickstart.process.ProcessFailedException;
import dev.holdfast.quickstart.process.Supervisor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The launcher's own HTTP server. {@code POST /nodes/NAME/restart} restarts a sample node, or starts one that has
 * died: Holdfast calls it in a rolling restart. It answers 200 only when the old process has ended and the new one listens,
 * so it never has to answer 202. {@code POST /processes/NAME/stop} and {@code /start} take any process down and bring it
 * back, for trying out what happens without it. Callers show the token as a bearer or, when they are people with curl, in
 * the URL ({@code ?token=T}).
 */
public final class RestartHook implements AutoCloseable {

    private static final Pattern PATH =
            Pattern.compile("/(nodes|processes)/(?<name>[a-z0-9-]{1,63})/(?<action>restart|stop|start)");

    private static final String BEARER = "Bearer ";

    private static final String QUERY = "?token=";

    private static final Duration RESTART_LIMIT = Duration.ofMinutes(2);

    private final HttpServer server;
    private final Supervisor supervisor;
    private final byte[] token;
    private final Consumer<String> announce;
    /** The newest key under which each process was restarted; a call that is repeated has no second effect. */
    private final Map<String, String> doneUnderKey = new ConcurrentHashMap<>();

    private final ReentrantLock oneAtATime = new ReentrantLock();

    /** Binds the port and begins to serve. */
    public RestartHook(int port, String token, Supervisor supervisor, Consumer<String> announce) throws IOException {
        this.supervisor = supervisor;
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.announce = announce;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    /** The URL by which a cluster declares this hook. */
    public static String url(int port) {
        return "http://127.0.0.1:" + port + "/nodes/{node}/restart";
    }

    /** The secret with which a cluster declares this hook. */
    public static String authorization(String token) {
        return BEARER + token;
    }

    /** The URL by which a person restarts one node. */
    public static String url(int port, String node, String token) {
        return url(port).replace("{node}", node) + QUERY + token;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            Matcher path = PATH.matcher(exchange.getRequestURI().getPath());
            if (!knowsToken(exchange)) {
                send(exchange, 401, "the token (Authorization: Bearer … or ?token=…) is missing or wrong");
            } else if (!exchange.getRequestMethod().equals("POST") || !path.matches()) {
                send(exchange, 404, "POST /nodes/NAME/restart, /processes/NAME/stop or /processes/NAME/start");
            } else if (!supervisor.names().contains(path.group("name"))) {
                send(exchange, 404, "there is no process " + path.group("name"));
            } else {
                Optional<String> key =
                        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
                act(exchange, path.group("name"), path.group("action"), key);
            }
        }
    }

    private void act(HttpExchange exchange, String name, String action, Optional<String> key) throws IOException {
        oneAtATime.lock();
        try {
            if (key.isPresent() && key.equals(Optional.ofNullable(doneUnderKey.get(name)))) {
                send(exchange, 200, name + " has been restarted already for this Idempotency-Key");
            } else if (action.equals("stop")) {
                announce.accept("stopping " + name + ", as asked");
                supervisor.stop(name);
                send(exchange, 200, name + " is down");
            } else if (action.equals("start") && supervisor.pid(name).isPresent()) {
                supervisor.awaitReady(name, RESTART_LIMIT);
                send(exchange, 200, name + " runs already");
            } else {
                announce.accept((action.equals("start") ? "starting " : "restarting ") + name + ", as asked");
                supervisor.restart(name, RESTART_LIMIT);
                key.ifPresent(done -> doneUnderKey.put(name, done));
                send(exchange, 200, name + " runs");
            }
        } catch (ProcessFailedException e) {
            send(exchange, 500, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            send(exchange, 503, "interrupted");
        } finally {
            oneAtATime.unlock();
        }
    }

    private boolean knowsToken(HttpExchange exchange) {
        String query = "?" + exchange.getRequestURI().getQuery();
        String header = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        return isToken(query, QUERY) || isToken(header, BEARER);
    }

    private boolean isToken(String text, String prefix) {
        return text.startsWith(prefix)
                && MessageDigest.isEqual(token, text.substring(prefix.length()).getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
