package dev.holdfast.gateway.control.frontdoor;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;

import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.RouteToRequestUrlFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Asks one replica of a service after the other until one answers: each at most once, and after the first only what can
 * be repeated, because it changes nothing or because it never left. Any answer counts, also one that reports an error.
 */
final class ReplicaFilter implements GatewayFilter, Ordered {

    private static final Logger log = LoggerFactory.getLogger(ReplicaFilter.class);

    private static final Set<HttpMethod> CHANGING_NOTHING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final Upstream upstream;
    private final Replicas replicas;
    private final Duration perTryTimeout;
    private final LongSupplier nanoClock;

    ReplicaFilter(Upstream upstream, Replicas replicas, Duration perTryTimeout, LongSupplier nanoClock) {
        this.upstream = upstream;
        this.replicas = replicas;
        this.perTryTimeout = perTryTimeout;
        this.nanoClock = nanoClock;
    }

    @Override
    public int getOrder() {
        return RouteToRequestUrlFilter.ROUTE_TO_URL_FILTER_ORDER + 1;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        List<URI> order = replicas.inOrder();
        if (order.isEmpty()) {
            return Mono.error(new ProblemException(
                    ProblemCode.SERVICE_UNAVAILABLE,
                    "This gateway was given no address of " + upstream.service() + "."));
        }
        return ask(order, exchange, chain);
    }

    private Mono<Void> ask(List<URI> untried, ServerWebExchange exchange, GatewayFilterChain chain) {
        URI replica = untried.getFirst();
        List<URI> others = untried.subList(1, untried.size());
        ServerHttpRequest request = exchange.getRequest();
        boolean repeatable = CHANGING_NOTHING.contains(request.getMethod());

        exchange.getAttributes().put(GATEWAY_REQUEST_URL_ATTR, target(replica, request.getURI()));
        Mono<Void> answered = chain.filter(exchange);
        if (repeatable && !others.isEmpty()) {
            answered = answered.timeout(perTryTimeout);
        }
        long askedAt = nanoClock.getAsLong();
        return answered.doOnSuccess(done -> replicas.answered(replica))
                // Given up from outside: the whole request took too long, or its client has left.
                .doOnCancel(() -> {
                    if (nanoClock.getAsLong() - askedAt >= perTryTimeout.toNanos()) {
                        replicas.failed(replica);
                    }
                })
                .onErrorResume(failure -> {
                    boolean neverLeft = neverLeft(failure);
                    replicas.failed(replica);
                    log.warn(
                            "{} at {} did not answer {}",
                            upstream.service(),
                            replica,
                            request.getMethod(),
                            failure.toString());
                    if (others.isEmpty() || (!repeatable && !neverLeft)) {
                        return Mono.error(unavailable(repeatable || neverLeft));
                    }
                    ServerWebExchangeUtils.reset(exchange);
                    return ask(others, exchange, chain);
                });
    }

    private ProblemException unavailable(boolean changedNothing) {
        String advice = changedNothing
                ? "Try again in a moment."
                : "The request may or may not have been carried out: look before you repeat it, or repeat it with the"
                        + " same Idempotency-Key.";
        return new ProblemException(
                ProblemCode.SERVICE_UNAVAILABLE, "No replica of " + upstream.service() + " answered. " + advice);
    }

    private static boolean neverLeft(Throwable failure) {
        return failure instanceof ConnectException
                || failure instanceof NoRouteToHostException
                || failure instanceof UnknownHostException;
    }

    private static URI target(URI replica, URI requested) {
        String base = replica.toString().replaceFirst("/+$", "");
        String query = requested.getRawQuery() == null ? "" : "?" + requested.getRawQuery();
        return URI.create(base + requested.getRawPath() + query);
    }
}
