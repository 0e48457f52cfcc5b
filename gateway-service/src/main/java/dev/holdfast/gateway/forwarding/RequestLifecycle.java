package dev.holdfast.gateway.forwarding;

import dev.holdfast.gateway.activity.GatewayMeters;
import dev.holdfast.gateway.retry.TryFailure;
import java.util.function.LongSupplier;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.netty.http.client.PrematureCloseException;

/** Sees the end of a request, response body included, however it ends: that is when it is no longer outstanding. */
final class RequestLifecycle implements GlobalFilter, Ordered {

    private final TryOutcomes outcomes;
    private final GatewayMeters meters;
    private final LongSupplier nanoClock;

    RequestLifecycle(TryOutcomes outcomes, GatewayMeters meters, LongSupplier nanoClock) {
        this.outcomes = outcomes;
        this.meters = meters;
        this.nanoClock = nanoClock;
    }

    /** Around the filter that writes the response. */
    @Override
    public int getOrder() {
        return NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER - 1;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        ForwardedRequest request = exchange.getRequiredAttribute(ClusterWebFilter.REQUEST);
        return chain.filter(exchange)
                .doOnError(PrematureCloseException.class, e -> brokeOff(request))
                .doFinally(signal -> ended(request, signal));
    }

    /** The node closed the connection in the middle of the body, which can't be mended any more. */
    private void brokeOff(ForwardedRequest request) {
        Try answering = request.current();
        if (answering != null && request.isAnswered()) {
            outcomes.failed(request, answering, TryFailure.RESET);
        }
    }

    private void ended(ForwardedRequest request, SignalType signal) {
        Try last = request.current();
        if (last != null) {
            if (signal == SignalType.ON_COMPLETE) {
                last.end();
            } else {
                last.abandon();
            }
        }
        long nanos = nanoClock.getAsLong() - request.begunAt();
        if (last != null && request.isAnswered()) {
            meters.requestEnded(request.cluster().id(), last.node().target().id(), outcome(request, signal), nanos);
        } else {
            meters.requestEnded(
                    request.cluster().id(), signal == SignalType.CANCEL ? "cancelled" : "unanswered", nanos);
        }
    }

    private static String outcome(ForwardedRequest request, SignalType signal) {
        if (signal == SignalType.CANCEL) {
            return "cancelled";
        }
        if (signal == SignalType.ON_ERROR) {
            return "broken";
        }
        Try answering = request.current();
        HttpStatus.Series series = answering == null
                ? null
                : HttpStatus.Series.resolve(answering.status().value());
        return switch (series) {
            case null -> "other";
            case INFORMATIONAL -> "1xx";
            case SUCCESSFUL -> "2xx";
            case REDIRECTION -> "3xx";
            case CLIENT_ERROR -> "4xx";
            case SERVER_ERROR -> "5xx";
        };
    }
}
