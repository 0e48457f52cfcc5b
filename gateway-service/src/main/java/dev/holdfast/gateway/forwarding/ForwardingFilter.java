package dev.holdfast.gateway.forwarding;

import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.gateway.activity.GatewayMeters;
import dev.holdfast.gateway.activity.NodeRecord;
import dev.holdfast.gateway.activity.NodeRecords;
import dev.holdfast.gateway.balancing.NodeInstance;
import dev.holdfast.gateway.retry.TryFailure;
import dev.holdfast.gateway.routing.CurrentTable;
import dev.holdfast.gateway.routing.Target;
import dev.holdfast.model.topology.ClusterId;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.client.loadbalancer.DefaultRequest;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.filter.NettyRoutingFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.channel.AbortedException;

/**
 * Sends a request to a node, and to another one when that fails and the rules allow it. Ends when the headers of the
 * answer that the user gets are there, or with a problem.
 */
final class ForwardingFilter implements GlobalFilter, Ordered {

    private static final Logger log = LoggerFactory.getLogger(ForwardingFilter.class);

    /** The table would have to change at every pick for a request to need more. */
    private static final int MAX_PICKS = 10;

    private static final Mono<Void> GIVEN_UP = Mono.error(new GivenUpException());

    private final CurrentTable table;
    private final NodeRecords nodes;
    private final TryOutcomes outcomes;
    private final WebSocketForwarding webSockets;
    private final GatewayMeters meters;
    private final LongSupplier nanoClock;
    private final Scheduler timer;

    ForwardingFilter(
            CurrentTable table,
            NodeRecords nodes,
            TryOutcomes outcomes,
            WebSocketForwarding webSockets,
            GatewayMeters meters,
            LongSupplier nanoClock,
            Scheduler timer) {
        this.table = table;
        this.nodes = nodes;
        this.outcomes = outcomes;
        this.webSockets = webSockets;
        this.meters = meters;
        this.nanoClock = nanoClock;
        this.timer = timer;
    }

    /** Before the filters that send: that for WebSockets is one before that for HTTP. */
    @Override
    public int getOrder() {
        return NettyRoutingFilter.ORDER - 2;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        ForwardedRequest request = exchange.getRequiredAttribute(ClusterWebFilter.REQUEST);
        ProblemException fault = request.clientFault();
        if (fault != null) {
            return Mono.error(fault);
        }
        request.forwarding().budget().countRequest();
        exchange.getAttributes().put(ServerWebExchangeUtils.PRESERVE_HOST_HEADER_ATTRIBUTE, true);
        return request.isUpgrade() ? upgrade(request) : tryNext(request, chain);
    }

    /** Hands the connection over to a node once that has agreed. From then on nothing can be tried again. */
    private Mono<Void> upgrade(ForwardedRequest request) {
        return begin(request, MAX_PICKS)
                .flatMap(attempt -> webSockets
                        .forward(request.exchange(), attempt.url(), () -> opened(request, attempt))
                        .onErrorResume(
                                WebSocketForwarding.NotOpenedException.class,
                                e -> notOpened(request, attempt, e.reason())));
    }

    private void opened(ForwardedRequest request, Try attempt) {
        attempt.getResponse().setStatusCode(HttpStatus.SWITCHING_PROTOCOLS);
        outcomes.succeeded(request, attempt);
        request.isAnsweredByCurrent();
    }

    private Mono<Void> notOpened(ForwardedRequest request, Try attempt, Throwable reason) {
        log.debug("{} opened no WebSocket", attempt.node().target(), reason);
        if (reason instanceof WebSocketClientHandshakeException refusal && refusal.response() != null) {
            attempt.getResponse().setRawStatusCode(refusal.response().status().code());
            outcomes.succeeded(request, attempt);
            request.isAnsweredByCurrent();
            ServerHttpResponse response = request.exchange().getResponse();
            response.setRawStatusCode(refusal.response().status().code());
            return response.setComplete();
        }
        TryFailure failure = handshakeFailure(reason);
        outcomes.failed(request, attempt, failure);
        if (takesRetry(request, failure)) {
            attempt.abandon();
            return upgrade(request);
        }
        return Mono.error(problem(request.cluster().id(), failure));
    }

    private static TryFailure handshakeFailure(Throwable reason) {
        return switch (reason) {
            case TimeoutException late -> TryFailure.TIMED_OUT;
            case ConnectException refused -> TryFailure.NOT_CONNECTED;
            case UnknownHostException unknown -> TryFailure.NOT_CONNECTED;
            case IOException broken -> TryFailure.RESET;
            default -> TryFailure.NOT_SENT;
        };
    }

    private Mono<Void> tryNext(ForwardedRequest request, GatewayFilterChain chain) {
        return begin(request, MAX_PICKS)
                .flatMap(attempt -> chain.filter(attempt)
                        .timeout(alarm(request), GIVEN_UP)
                        .doOnCancel(attempt::abandon)
                        .then(Mono.fromSupplier(() -> failureStatus(attempt)))
                        .onErrorResume(e -> failure(request, attempt, e))
                        .flatMap(failure -> failure.isEmpty()
                                ? succeed(request, attempt)
                                : fail(request, attempt, failure.get(), chain)));
    }

    /** Picks a node and counts the request as outstanding there. */
    private Mono<Try> begin(ForwardedRequest request, int picksLeft) {
        return request.forwarding()
                .balancer()
                .choose(new DefaultRequest<>(request.tried()))
                .flatMap(response -> response.getServer() instanceof NodeInstance node
                        ? begin(request, node, picksLeft)
                        : Mono.error(noNode(request.cluster().id())));
    }

    private Mono<Try> begin(ForwardedRequest request, NodeInstance node, int picksLeft) {
        Target target = node.target();
        URI url = url(request.exchange(), target);
        NodeRecord nodeRecord = nodes.of(target.id(), node.cluster().id());
        nodeRecord.requestBegins();
        // Counted first and looked at again then: whoever sees a table that drains the node, and then that nothing is
        // outstanding, knows that nothing more will come.
        if (table.get().cluster(node.cluster().id()) != node.cluster() && picksLeft > 1) {
            nodeRecord.requestEnded();
            return begin(request, picksLeft - 1);
        }
        if (node.panic()) {
            meters.pickedInPanic(node.cluster().id());
        }
        Try attempt = new Try(request, node, nodeRecord, url, nanoClock.getAsLong());
        request.begins(attempt);
        return Mono.just(attempt);
    }

    /** The path and query go to the node as they came, encoded. */
    private static URI url(ServerWebExchange exchange, Target target) {
        URI received = exchange.getRequest().getURI();
        String query = received.getRawQuery();
        return URI.create("http://" + target.address() + received.getRawPath() + (query == null ? "" : "?" + query));
    }

    /**
     * Sounds when the try under way has to be given up: the request is overdue, or the try is slow and another one may be
     * made, which is then taken out of the budget.
     */
    private Mono<Long> alarm(ForwardedRequest request) {
        return Mono.defer(() -> Mono.delay(request.patience(nanoClock.getAsLong()), timer))
                .filter(tick -> request.isOverdue(nanoClock.getAsLong()) || takesRetry(request, TryFailure.TIMED_OUT))
                .repeatWhenEmpty(ticks -> ticks);
    }

    private boolean takesRetry(ForwardedRequest request, TryFailure failure) {
        if (!request.mayRetry(failure)) {
            return false;
        }
        ClusterId cluster = request.cluster().id();
        if (!request.forwarding().budget().tryTake(request.retries())) {
            meters.retryBudgetExhausted(cluster);
            return false;
        }
        meters.retried(cluster, failure.word());
        return true;
    }

    private static Optional<TryFailure> failureStatus(Try attempt) {
        return switch (attempt.status().value()) {
            case 502, 503, 504 -> Optional.of(TryFailure.FAILURE_STATUS);
            default -> Optional.empty();
        };
    }

    /** The way the try failed; an error when the client is to blame. */
    private static Mono<Optional<TryFailure>> failure(ForwardedRequest request, Try attempt, Throwable error) {
        ProblemException fault = request.clientFault();
        if (fault == null) {
            return Mono.just(Optional.of(failure(attempt, error)));
        }
        attempt.abandon();
        return Mono.error(fault);
    }

    private static TryFailure failure(Try attempt, Throwable error) {
        log.debug("a try on {} failed", attempt.node().target(), error);
        if (error instanceof GivenUpException) {
            return TryFailure.TIMED_OUT;
        }
        if (error instanceof TooLongFrameException) {
            return TryFailure.OVERSIZED_HEAD;
        }
        if (!attempt.connected()) {
            return error instanceof IOException ? TryFailure.NOT_CONNECTED : TryFailure.NOT_SENT;
        }
        boolean closedBeforeSending = error instanceof AbortedException && !attempt.mayHaveBeenSent();
        return closedBeforeSending ? TryFailure.NOT_SENT : TryFailure.RESET;
    }

    private Mono<Void> succeed(ForwardedRequest request, Try attempt) {
        outcomes.succeeded(request, attempt);
        request.isAnsweredByCurrent();
        attempt.passOn();
        return Mono.empty();
    }

    private Mono<Void> fail(ForwardedRequest request, Try attempt, TryFailure failure, GatewayFilterChain chain) {
        outcomes.failed(request, attempt, failure);
        boolean retry = failure == TryFailure.TIMED_OUT
                ? !request.isOverdue(nanoClock.getAsLong())
                : takesRetry(request, failure);
        if (retry) {
            attempt.abandon();
            return tryNext(request, chain);
        }
        if (failure == TryFailure.FAILURE_STATUS) {
            request.isAnsweredByCurrent();
            attempt.passOn();
            return Mono.empty();
        }
        attempt.abandon();
        return Mono.error(problem(request.cluster().id(), failure));
    }

    private static ProblemException noNode(ClusterId cluster) {
        return new ProblemException(
                ProblemCode.NO_NODE_AVAILABLE, "No node of cluster " + cluster + " can take requests now.");
    }

    private static ProblemException problem(ClusterId cluster, TryFailure failure) {
        return switch (failure) {
            case TIMED_OUT ->
                new ProblemException(
                        ProblemCode.GATEWAY_TIMEOUT, "No node of cluster " + cluster + " answered in time.");
            case OVERSIZED_HEAD ->
                new ProblemException(
                        ProblemCode.BAD_GATEWAY,
                        "A node of cluster " + cluster + " answered with larger headers than this gateway takes.");
            case NOT_CONNECTED, NOT_SENT, RESET, FAILURE_STATUS ->
                new ProblemException(
                        ProblemCode.BAD_GATEWAY, "No node of cluster " + cluster + " could be reached or answered.");
        };
    }

    /** The alarm of a try has sounded. */
    private static final class GivenUpException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        GivenUpException() {
            super("the try was given up", null, false, false);
        }
    }
}
