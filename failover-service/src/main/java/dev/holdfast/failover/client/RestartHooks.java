package dev.holdfast.failover.client;

import dev.holdfast.failover.operation.Action;
import dev.holdfast.failover.operation.Evidence.RestartAnswer;
import dev.holdfast.model.operation.OperationId;
import dev.holdfast.web.Idempotency;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** Calls the hooks that restart nodes. A repeated call carries the same idempotency key. */
public final class RestartHooks {

    /** Client errors that may pass: time-out, conflict, too early, too many requests. */
    private static final Set<Integer> PASSING = Set.of(408, 409, 425, 429);

    private static final Set<Integer> DONE = Set.of(200, 204);

    private static final int BEGUN = 202;

    /** More than is ever shown; the rest of a body, which may be long or never end, is not read. */
    private static final int MAX_BODY = 4 * 1024;

    private final Function<Duration, RestClient> clients;

    /** @param clients makes a client whose calls end within a timeout, reading the body included */
    public RestartHooks(Function<Duration, RestClient> clients) {
        this.clients = clients;
    }

    /** What the hook answered. Never throws for what the hook does. */
    public RestartAnswer call(OperationId operation, Action.CallRestartHook order) {
        String url = order.hook().url().replace("{node}", order.node().value());
        Map<String, String> body = Map.of(
                "operation", operation.toString(),
                "cluster", order.cluster().value(),
                "node", order.node().value(),
                "address", order.address().toString());
        try {
            return clients.apply(order.hook().timeout())
                    .post()
                    .uri(URI.create(url))
                    .header(Idempotency.KEY_HEADER, operation + "-" + order.node())
                    .headers(headers -> order.hook()
                            .authorization()
                            .ifPresent(secret -> headers.set(HttpHeaders.AUTHORIZATION, secret)))
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(body)
                    // Closing the response would read its body to the end first.
                    .exchangeForRequiredValue((request, response) -> answer(response), false);
        } catch (RestClientException e) {
            return new RestartAnswer.Unclear(CallFailures.told(e));
        } catch (IllegalArgumentException e) {
            return new RestartAnswer.Refused("the hook's URL can't be used: " + e.getMessage());
        }
    }

    private static RestartAnswer answer(ClientHttpResponse response) throws IOException {
        int status = response.getStatusCode().value();
        try (InputStream body = response.getBody()) {
            if (DONE.contains(status)) {
                return new RestartAnswer.Done();
            }
            if (status == BEGUN) {
                return new RestartAnswer.Begun();
            }
            if (status >= 500 || PASSING.contains(status)) {
                return new RestartAnswer.Unclear(CallFailures.told(status, beginning(body)));
            }
            return status >= 400
                    ? new RestartAnswer.Refused(CallFailures.told(status, beginning(body)))
                    : new RestartAnswer.Refused(
                            status + " is neither 200 or 204 (the old process has ended) nor 202 (ask"
                                    + " again), and redirects are not followed");
        }
    }

    private static String beginning(InputStream body) {
        try {
            return new String(body.readNBytes(MAX_BODY), StandardCharsets.UTF_8);
        } catch (IOException e) {
            // The status alone decides.
            return "";
        }
    }
}
