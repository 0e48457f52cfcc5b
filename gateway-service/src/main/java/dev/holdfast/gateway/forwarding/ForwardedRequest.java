package dev.holdfast.gateway.forwarding;

import dev.holdfast.gateway.balancing.Tried;
import dev.holdfast.gateway.retry.RetryRules;
import dev.holdfast.gateway.retry.TryFailure;
import dev.holdfast.gateway.routing.RoutedCluster;
import dev.holdfast.model.topology.Retries;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;

/** A user's request on its way, over all its tries. Its tries follow one another, so nothing here needs a lock. */
final class ForwardedRequest {

    private final ServerWebExchange exchange;
    private final RoutedCluster cluster;
    private final ClusterForwarding forwarding;
    private final long begunAt;
    private final boolean idempotent;
    private final boolean hasBody;
    private final boolean upgrade;
    private volatile boolean bodyConsumed;
    private volatile boolean clientFailed;
    private volatile Tried tried = Tried.NONE;
    private volatile @Nullable Try current;
    private volatile boolean answered;

    ForwardedRequest(ServerWebExchange exchange, RoutedCluster cluster, ClusterForwarding forwarding, long begunAt) {
        this.exchange = exchange;
        this.cluster = cluster;
        this.forwarding = forwarding;
        this.begunAt = begunAt;
        ServerHttpRequest request = exchange.getRequest();
        HttpHeaders headers = request.getHeaders();
        this.idempotent = RetryRules.isIdempotent(request.getMethod().name());
        this.hasBody = headers.containsHeader(HttpHeaders.TRANSFER_ENCODING) || headers.getContentLength() > 0;
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
        bodyConsumed = true;
        return exchange.getRequest().getBody().doOnError(e -> clientFailed = true);
    }

    /** Whether the client broke off while it sent its body. */
    boolean clientFailed() {
        return clientFailed;
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
        return !upgrade
                && tried.targets().size() < retries().maxAttempts()
                && RetryRules.mayRetry(failure, idempotent, bodyConsumed)
                && forwarding.balancer().hasUntried(tried);
    }

    /** Whether a slow try may be given up for another one: nothing is lost or done twice by that. */
    boolean mayBeHurried() {
        return idempotent && !hasBody && retries().maxAttempts() > 1;
    }

    boolean isOverdue(long now) {
        return now - begunAt >= retries().requestTimeout().toNanos();
    }

    /** How long to wait before looking at a try again. */
    Duration patience(long now) {
        Duration left = retries().requestTimeout().minusNanos(now - begunAt);
        boolean hurried = mayBeHurried() && retries().perTryTimeout().compareTo(left) < 0;
        return hurried ? retries().perTryTimeout() : left;
    }
}
