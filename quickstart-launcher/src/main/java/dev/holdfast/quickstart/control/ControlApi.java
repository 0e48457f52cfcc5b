package dev.holdfast.quickstart.control;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The part of the public control API that the quickstart uses, through the same front door as any user. */
public final class ControlApi {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient client;
    private final URI control;
    private final String token;
    private final Supplier<String> newKey;

    /** @param newKey makes up a new {@code Idempotency-Key} */
    public ControlApi(HttpClient client, URI control, String token, Supplier<String> newKey) {
        this.client = client;
        this.control = control;
        this.token = token;
        this.newKey = newKey;
    }

    /** The resource, or empty when there is none. */
    public Optional<JsonNode> get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request(path).GET().build(), BodyHandlers.ofString());
        if (response.statusCode() == 404) {
            return Optional.empty();
        }
        return Optional.of(JSON.readTree(succeeded("GET " + path, response).body()));
    }

    /** Declares the resource whole; with {@code version}, only if that is still its version. */
    public void put(String path, JsonNode declaration, Optional<Long> version)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", newKey.get())
                .PUT(BodyPublishers.ofString(JSON.writeValueAsString(declaration)));
        version.ifPresent(number -> request.header("If-Match", "\"" + number + "\""));
        succeeded("PUT " + path, client.send(request.build(), BodyHandlers.ofString()));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(control.resolve(path))
                .timeout(TIMEOUT)
                .header("Accept", "application/json")
                .header("Authorization", "Bearer " + token);
    }

    private static HttpResponse<String> succeeded(String what, HttpResponse<String> response) throws IOException {
        if (response.statusCode() / 100 != 2) {
            throw new IOException(what + " was answered with " + response.statusCode() + ": " + response.body());
        }
        return response;
    }
}
