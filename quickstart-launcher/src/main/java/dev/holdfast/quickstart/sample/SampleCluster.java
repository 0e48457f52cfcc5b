package dev.holdfast.quickstart.sample;

import dev.holdfast.quickstart.control.ControlApi;
import dev.holdfast.quickstart.node.SampleNodes;
import dev.holdfast.quickstart.port.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Region {@code local} with the cluster {@code sample}. Declared when it isn't there; what a user has changed since is left
 * as it is, except that addresses follow the ports of this start.
 */
public final class SampleCluster {

    private static final String REGION_PATH = "/api/v1/regions/local";

    private static final String CLUSTER_PATH = "/api/v1/clusters/sample";

    private static final Duration POLL = Duration.ofMillis(100);

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ControlApi api;
    private final HttpClient client;
    private final Ports ports;
    private final Hook restartHook;
    private final LongSupplier nanoClock;

    /**
     * The restart hook to declare.
     *
     * @param url with {@code {node}} in place of the node's name
     * @param authorization the secret
     */
    public record Hook(String url, String authorization) {}

    /** @param client asks the gateway for the sample nodes */
    public SampleCluster(ControlApi api, HttpClient client, Ports ports, Hook restartHook, LongSupplier nanoClock) {
        this.client = client;
        this.ports = ports;
        this.restartHook = restartHook;
        this.nanoClock = nanoClock;
        this.api = api;
    }

    /** Declares what is missing and corrects addresses; otherwise changes nothing. */
    public void declare() throws IOException, InterruptedException {
        if (api.get(REGION_PATH).isEmpty()) {
            api.put(REGION_PATH, region(), Optional.empty());
        }
        Optional<JsonNode> existing = api.get(CLUSTER_PATH);
        if (existing.isEmpty()) {
            api.put(CLUSTER_PATH, cluster(), Optional.empty());
            return;
        }
        ObjectNode declaration = (ObjectNode) existing.get().path("declaration").deepCopy();
        if (correctAddresses(declaration)) {
            api.put(
                    CLUSTER_PATH,
                    declaration,
                    Optional.of(existing.get().path("version").asLong()));
        }
    }

    /** The sample nodes that routing is to send requests to: all, but for those that a user has taken out. */
    public Set<String> expectedNodes() throws IOException, InterruptedException {
        Set<String> expected = new TreeSet<>();
        JsonNode cluster = api.get(CLUSTER_PATH)
                .orElseThrow(() -> new IOException("the cluster \"sample\" has been deleted meanwhile"));
        for (JsonNode node : cluster.path("nodes")) {
            boolean wanted = node.path("adminState").asString().equals("ENABLED")
                    && node.path("weight").asInt() > 0;
            if (wanted && SampleNodes.names().contains(node.path("id").asString())) {
                expected.add(node.path("id").asString());
            }
        }
        return expected;
    }

    /**
     * Asks the gateway until each of the nodes has answered a request through it.
     *
     * @throws IOException when that takes longer than the limit; the message names who is missing and why
     */
    public void awaitTraffic(Set<String> expected, Duration limit) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.gateway() + "/"))
                .timeout(REQUEST_TIMEOUT)
                .build();
        long deadline = nanoClock.getAsLong() + limit.toNanos();
        Set<String> missing = new TreeSet<>(expected);
        while (!missing.isEmpty()) {
            String answer;
            try {
                HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
                Optional<String> servedBy = response.headers().firstValue("x-served-by");
                if (servedBy.isPresent() && missing.remove(servedBy.get())) {
                    continue;
                }
                answer = response.statusCode() + " by " + servedBy.orElse("no node") + ": " + response.body();
            } catch (IOException e) {
                answer = e.toString();
            }
            if (nanoClock.getAsLong() - deadline > 0) {
                throw new IOException("no traffic reaches " + String.join(", ", missing) + " through the gateway, which"
                        + " answered last with " + answer.strip() + ". " + describe(missing));
            }
            new CountDownLatch(1).await(POLL.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private String describe(Set<String> missing) throws IOException, InterruptedException {
        List<String> states = new ArrayList<>();
        for (String name : missing) {
            states.add(name + ": "
                    + api.get("/api/v1/nodes/" + name)
                            .map(node -> "phase " + node.path("phase").asString() + ", health "
                                    + node.path("health").asString())
                            .orElse("not declared"));
        }
        return String.join("; ", states);
    }

    private static JsonNode region() {
        return JSON.valueToTree(Map.of("displayName", "This machine", "zones", SampleNodes.ZONES));
    }

    private JsonNode cluster() {
        ObjectNode cluster = JSON.createObjectNode();
        cluster.putArray("routes").addObject().put("host", "*").put("pathPrefix", "/");
        // A frozen node is known within fall × interval + timeout = 1.8 s.
        cluster.putObject("check")
                .put("type", "HTTP")
                .put("path", "/health")
                .put("interval", "500ms")
                .put("timeout", "300ms");
        declareHook(cluster.putObject("restart"));
        ArrayNode nodes = cluster.putArray("nodes");
        for (int number = 1; number <= Ports.SAMPLE_NODES; number++) {
            nodes.addObject()
                    .put("id", SampleNodes.name(number))
                    .put("region", "local")
                    .put("zone", SampleNodes.zone(number))
                    .put("address", address(number));
        }
        return cluster;
    }

    /** Returns whether there was anything to correct. */
    private boolean correctAddresses(ObjectNode declaration) {
        boolean corrected = false;
        for (JsonNode node : declaration.path("nodes")) {
            int number = SampleNodes.names().indexOf(node.path("id").asString()) + 1;
            if (number > 0 && !node.path("address").asString().equals(address(number))) {
                ((ObjectNode) node).put("address", address(number));
                corrected = true;
            }
        }
        JsonNode hook = declaration.path("restart");
        if (hook.isObject()
                && isOwnHook(hook.path("url").asString())
                && !hook.path("url").asString().equals(restartHook.url())) {
            declareHook((ObjectNode) hook);
            corrected = true;
        }
        return corrected;
    }

    private void declareHook(ObjectNode hook) {
        hook.put("url", restartHook.url()).put("authorization", restartHook.authorization());
    }

    /** The same hook, perhaps at another port. */
    private boolean isOwnHook(String url) {
        return withoutPort(url).equals(withoutPort(restartHook.url()));
    }

    private static String withoutPort(String url) {
        return url.replaceFirst(":\\d+/", "/").replaceFirst("\\?.*", "");
    }

    private String address(int number) {
        return "127.0.0.1:" + ports.node(number);
    }
}
