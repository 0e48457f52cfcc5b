package dev.holdfast.gateway.forwarding;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.http.HttpHeaders;
import org.springframework.util.StringUtils;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.client.WebSocketClient;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Opens a WebSocket to the node first and to the user then, so that a user is only told that it is open when it is, and
 * passes messages on until either side closes.
 */
final class WebSocketForwarding {

    private static final String OWN_TO_EACH_CONNECTION = "sec-websocket-";

    private static final String SUB_PROTOCOL = "Sec-WebSocket-Protocol";

    private final WebSocketClient nodes;
    private final WebSocketService users;
    private final List<HttpHeadersFilter> headersFilters;
    private final Duration handshakeTimeout;
    private final Scheduler timer;

    WebSocketForwarding(
            WebSocketClient nodes,
            WebSocketService users,
            List<HttpHeadersFilter> headersFilters,
            Duration handshakeTimeout,
            Scheduler timer) {
        this.nodes = nodes;
        this.users = users;
        this.headersFilters = headersFilters;
        this.handshakeTimeout = handshakeTimeout;
        this.timer = timer;
    }

    /** The node did not open the WebSocket; nothing was told to the user yet. */
    static final class NotOpenedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final Throwable reason;

        NotOpenedException(Throwable reason) {
            super("the node opened no WebSocket", reason, false, false);
            this.reason = reason;
        }

        /** A {@link TimeoutException} when the node took too long. */
        Throwable reason() {
            return reason;
        }
    }

    /**
     * Ends when the WebSocket has.
     *
     * @param url of the node, with the scheme http
     * @param opened is run when the node has opened it
     */
    Mono<Void> forward(ServerWebExchange exchange, URI url, Runnable opened) {
        return Mono.defer(() -> {
            AtomicBoolean open = new AtomicBoolean();
            Mono<Long> tooLate =
                    Mono.delay(handshakeTimeout, timer).flatMap(tick -> open.get() ? Mono.never() : Mono.just(tick));
            WebSocketHandler toNode = handler(requested(exchange), node -> {
                open.set(true);
                opened.run();
                return connect(exchange, node);
            });
            return nodes.execute(
                            URI.create("ws" + url.toString().substring("http".length())), headers(exchange), toNode)
                    .timeout(tooLate)
                    .onErrorMap(e -> !open.get(), NotOpenedException::new);
        });
    }

    /** Opens the user's side too. What that returns ends with the handshake, so the end of the talk is told apart. */
    private Mono<Void> connect(ServerWebExchange exchange, WebSocketSession node) {
        Sinks.Empty<Void> ended = Sinks.empty();
        String agreed = node.getHandshakeInfo().getSubProtocol();
        WebSocketHandler toUser = handler(
                agreed == null ? List.of() : List.of(agreed),
                user -> passOn(user, node).doFinally(signal -> ended.tryEmitEmpty()));
        return users.handleRequest(agreed == null ? exchange : asking(exchange, agreed), toUser)
                .then(ended.asMono());
    }

    /** Spring finds a protocol only where it stands alone, or after a comma without a space. */
    private static ServerWebExchange asking(ServerWebExchange exchange, String subProtocol) {
        return exchange.mutate()
                .request(request -> request.headers(headers -> headers.set(SUB_PROTOCOL, subProtocol)))
                .build();
    }

    private static Mono<Void> passOn(WebSocketSession user, WebSocketSession node) {
        return Mono.firstWithSignal(oneWay(user, node), oneWay(node, user));
    }

    /** Ends when {@code from} is closed and {@code to} was closed for the same reason. */
    private static Mono<Void> oneWay(WebSocketSession from, WebSocketSession to) {
        return to.send(from.receive().doOnNext(WebSocketMessage::retain))
                // The other way tells the end, when it is not this one's.
                .onErrorComplete()
                .then(from.closeStatus().defaultIfEmpty(CloseStatus.NO_CLOSE_FRAME))
                .flatMap(status -> to.close(sendable(status)));
    }

    /** Some codes only say how a connection ended and may not be sent. */
    private static CloseStatus sendable(CloseStatus status) {
        return switch (status.getCode()) {
            case 1005 -> CloseStatus.NORMAL;
            case 1006, 1015 -> CloseStatus.SERVER_ERROR;
            default -> status;
        };
    }

    private static WebSocketHandler handler(List<String> subProtocols, SessionHandling handling) {
        return new WebSocketHandler() {
            @Override
            public List<String> getSubProtocols() {
                return subProtocols;
            }

            @Override
            public Mono<Void> handle(WebSocketSession session) {
                return handling.handle(session);
            }
        };
    }

    private interface SessionHandling {

        Mono<Void> handle(WebSocketSession session);
    }

    private static List<String> requested(ServerWebExchange exchange) {
        return exchange.getRequest().getHeaders().getOrEmpty(SUB_PROTOCOL).stream()
                .flatMap(line -> List.of(StringUtils.tokenizeToStringArray(line, ",")).stream())
                .toList();
    }

    private HttpHeaders headers(ServerWebExchange exchange) {
        HttpHeaders headers = new HttpHeaders();
        HttpHeadersFilter.filterRequest(headersFilters, exchange).forEach((name, values) -> {
            if (!name.toLowerCase(Locale.ROOT).startsWith(OWN_TO_EACH_CONNECTION)) {
                headers.addAll(name, values);
            }
        });
        return headers;
    }
}
