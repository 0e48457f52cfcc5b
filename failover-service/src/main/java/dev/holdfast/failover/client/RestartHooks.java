package dev.holdfast.failover.client;

import dev.holdfast.failover.operation.Action;
import dev.holdfast.failover.operation.Evidence.RestartAnswer;
import dev.holdfast.model.operation.OperationId;
import dev.holdfast.web.Idempotency;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

/** Calls the hooks that restart nodes. A repeated call carries the same idempotency key. */
public final class RestartHooks {

    /** Client errors that may pass: time-out, conflict, too early, too many requests. */
    private static final Set<Integer> PASSING = Set.of(408, 409, 425, 429);

    private final Function<Duration, RestClient> clients;

    /** @param clients makes a client whose calls end within a timeout */
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
            HttpStatusCode status = clients.apply(order.hook().timeout())
                    .post()
                    .uri(URI.create(url))
                    .header(Idempotency.KEY_HEADER, operation + "-" + order.node())
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(body)
                    .retrieve()
                    .toBodilessEntity()
                    .getStatusCode();
            return status.is2xxSuccessful()
                    ? new RestartAnswer.Accepted()
                    : new RestartAnswer.Refused(status.value() + " is not a success, and redirects are not followed");
        } catch (HttpClientErrorException e) {
            return PASSING.contains(e.getStatusCode().value())
                    ? new RestartAnswer.Unclear(CallFailures.told(e))
                    : new RestartAnswer.Refused(CallFailures.told(e));
        } catch (RestClientException e) {
            return new RestartAnswer.Unclear(CallFailures.told(e));
        } catch (IllegalArgumentException e) {
            return new RestartAnswer.Refused("the hook's URL can't be used: " + e.getMessage());
        }
    }
}
