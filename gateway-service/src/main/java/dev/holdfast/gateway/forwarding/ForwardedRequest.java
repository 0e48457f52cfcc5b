package dev.holdfast.gateway.forwarding;

import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.gateway.DataPlaneLimits;
import dev.holdfast.gateway.balancing.Tried;
import dev.holdfast.gateway.retry.RetryRules;
import dev.holdfast.gateway.retry.TryFailure;
import dev.holdfast.gateway.routing.RoutedCluster;
import dev.holdfast.model.topology.Retries;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;

/** A user's request on its way, over all its tries. Its tries follow one another, so nothing here needs a lock. */
final class ForwardedRequest {

    /** The HTTP client takes their bodies in whole before it sends them. */
    private static final Set<HttpMethod> COLLECTED = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE);

    private final ServerWebExchange exchange;
    private final RoutedCluster cluster;
    private final ClusterForwarding forwarding;
    private final DataPlaneLimits limits;
    private final long begunAt;
    private final RequestBody body;
    private final boolean idempotent;
    private final boolean hasBody;
    private final boolean collected;
    private final boolean upgrade;
    private volatile Tried tried = Tried.NONE;
    private volatile @Nullable Try current;
    private volatile boolean answered;

    /** What requests are measured by. */
    record Measures(DataPlaneLimits limits, LongSupplier nanoClock) {}

    ForwardedRequest(
            ServerWebExchange exchange, RoutedCluster cluster, ClusterForwarding forwarding, Measures measures) {
        this.exchange = exchange;
        this.cluster = cluster;
        this.forwarding = forwarding;
        this.limits = measures.limits();
        this.begunAt = measures.nanoClock().getAsLong();
        ServerHttpRequest request = exchange.getRequest();
        HttpHeaders headers = request.getHeaders();
        this.idempotent = RetryRules.isIdempotent(request.getMethod().name());
        this.hasBody = headers.containsHeader(HttpHeaders.TRANSFER_ENCODING) || headers.getContentLength() > 0;
        this.collected = COLLECTED.contains(request.getMethod());
        long maxBody = collected ? limits.collectedBody().toBytes() : Long.MAX_VALUE;
        this.body = new RequestBody(request, maxBody, measures.nanoClock());
        this.upgrade = "websocket".equalsIgnoreCase(headers.getUpgrade());
    }

    ServerWebExchange exchange() {
        return exchange;
    }

    /** As it stood when the request came in: its settings hold for the whole request. */
    RoutedCluster cluster() {
        return cluster;
    }

    ClusterForwarding forwarding() {
        return forwarding;
    }

    Retries retries() {
        return cluster.settings().retries();
    }

    long begunAt() {
        return begunAt;
    }

    /** Whether the connection becomes something else than HTTP (WebSocket). */
    boolean isUpgrade() {
        return upgrade;
    }

    boolean hasBody() {
        return hasBody;
    }

    /** The request's body, for the one try that gets to send it. */
    Flux<DataBuffer> consumeBody() {
        return body.consume();
    }

    /** What the client did wrong; null as long as nothing is. */
    @Nullable
    ProblemException clientFault() {
        boolean announced = collected
                && exchange.getRequest().getHeaders().getContentLength()
                        > limits.collectedBody().toBytes();
        return announced ? RequestBody.tooLarge(limits.collectedBody().toBytes()) : body.clientFault();
    }

    Tried tried() {
        return tried;
    }

    /** The try that the answer comes from, or the one under way. */
    @Nullable
    Try current() {
        return current;
    }

    void begins(Try attempt) {
        current = attempt;
        tried = tried.and(attempt.node().target());
    }

    /** The user gets the answer of the try under way. */
    void isAnsweredByCurrent() {
        answered = true;
    }

    boolean isAnswered() {
        return answered;
    }

    /** Whether the rules, and the number of tries and nodes, allow another try after this failure; the budget is another matter. */
    boolean mayRetry(TryFailure failure) {
        return tried.targets().size() < retries().maxAttempts()
                && RetryRules.mayRetry(failure, idempotent, body.isConsumed())
                && forwarding.balancer().hasUntried(tried);
    }

    /** Whether a slow try may be given up for another one: nothing is lost or done twice by that. */
    boolean mayBeHurried() {
        return idempotent && !hasBody && retries().maxAttempts() > 1;
    }

    /** Whether nobody may be waited for any longer: the node, or the client, whose fault it then is. */
    boolean isOverdue(long now) {
        if (now - waitsSince() < limit().toNanos()) {
            return false;
        }
        if (body.waitsForClient()) {
            body.clientIsTooSlow();
        }
        return true;
    }

    /** How long to wait before looking at a try again. */
    Duration patience(long now) {
        Duration left = limit().minusNanos(now - waitsSince());
        Duration step = hasBody ? limits.bodyIdle() : retries().perTryTimeout();
        return (hasBody || mayBeHurried()) && step.compareTo(left) < 0 ? step : left;
    }

    /** Since when the node of the try under way could have answered, or taken more of the body. */
    long nodeAwaitedSince(Try attempt) {
        return body.isConsumed() ? body.movedAt() : attempt.begunAt();
    }

    /** The time to answer doesn't begin before the body has been sent, however long the client takes for it. */
    private long waitsSince() {
        return body.isConsumed() ? body.movedAt() : begunAt;
    }

    private Duration limit() {
        return body.waitsForClient() ? limits.bodyIdle() : retries().requestTimeout();
    }
}
