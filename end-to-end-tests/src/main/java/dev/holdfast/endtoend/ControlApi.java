package dev.holdfast.endtoend;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The control API as a user calls it, through the front door. */
public final class ControlApi {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private static final int REPEATS = 5;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String control;
    private final String token;

    ControlApi(String control, String token) {
        this.control = control;
        this.token = token;
    }

    public JsonNode get(String path) throws IOException, InterruptedException {
        return succeeded(send("GET", path, Optional.empty()));
    }

    public JsonNode post(String path) throws IOException, InterruptedException {
        return succeeded(send("POST", path, Optional.empty()));
    }

    JsonNode post(String path, String json) throws IOException, InterruptedException {
        return succeeded(send("POST", path, Optional.of(json)));
    }

    public void put(String path, String json) throws IOException, InterruptedException {
        succeeded(send("PUT", path, Optional.of(json)));
    }

    public void delete(String path) throws IOException, InterruptedException {
        succeeded(send("DELETE", path, Optional.empty()));
    }

    JsonNode node(String id) throws IOException, InterruptedException {
        return get("/api/v1/nodes/" + id);
    }

    /** What the gateway does with the node. */
    JsonNode gatewayNode(String id) throws IOException, InterruptedException {
        return get("/api/v1/gateway/nodes/" + id);
    }

    /** Whether the gateway may send the node new requests: in its table, and not ejected. */
    boolean inRotation(String id) throws IOException, InterruptedException {
        JsonNode node = gatewayNode(id);
        Optional<Instant> ejectedUntil =
                Optional.ofNullable(node.path("ejectedUntil").asString(null)).map(Instant::parse);
        return node.path("takesTraffic").asBoolean()
                && ejectedUntil.filter(Instant.now()::isBefore).isEmpty();
    }

    /** The observers whose opinions count, sorted. */
    List<String> voting() throws IOException, InterruptedException {
        List<String> voting = new ArrayList<>();
        for (JsonNode observer : get("/api/v1/observers")) {
            if (observer.path("votes").asBoolean()) {
                voting.add(observer.path("id").asString());
            }
        }
        Collections.sort(voting);
        return voting;
    }

    /** The newest revision. */
    long revision() throws IOException, InterruptedException {
        return get("/api/v1/journal?limit=1")
                .path("items")
                .path(0)
                .path("revision")
                .asLong();
    }

    /** The events about nodes after the revision, oldest first. */
    List<JsonNode> eventsAfter(long revision, String type) throws IOException, InterruptedException {
        List<JsonNode> found = new ArrayList<>();
        get("/api/v1/journal?limit=1000").path("items").forEach(event -> {
            if (event.path("revision").asLong() > revision
                    && event.path("type").asString().matches(type)) {
                found.addFirst(event);
            }
        });
        return found;
    }

    /** Repeats what a service couldn't do for now, under the same key, as its answer asks for. */
    private HttpResponse<String> send(String method, String path, Optional<String> json)
            throws IOException, InterruptedException {
        String key = UUID.randomUUID().toString();
        HttpResponse<String> response = send(method, path, json, key);
        for (int repeat = 0; repeat < REPEATS && method.equals("POST") && response.statusCode() == 503; repeat++) {
            TimeUnit.SECONDS.sleep(1);
            response = send(method, path, json, key);
        }
        return response;
    }

    private HttpResponse<String> send(String method, String path, Optional<String> json, String key)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(control + path))
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .header("Authorization", "Bearer " + token)
                .header("Idempotency-Key", key)
                .method(method, json.map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody));
        json.ifPresent(body -> request.header("Content-Type", "application/json"));
        return Http.CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode succeeded(HttpResponse<String> response) throws IOException {
        if (response.statusCode() / 100 != 2) {
            throw new IOException(response.request().method() + " " + response.uri() + " was answered with "
                    + response.statusCode() + ": " + response.body());
        }
        return JSON.readTree(response.body().isEmpty() ? "{}" : response.body());
    }
}
