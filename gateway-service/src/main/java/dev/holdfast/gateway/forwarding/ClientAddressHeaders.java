package dev.holdfast.gateway.forwarding;

import java.net.InetSocketAddress;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * Tells nodes who asks, and for what: {@code X-Forwarded-For}, {@code -Proto} and {@code -Host}. What a client says
 * itself has been dropped before, unless it is a trusted proxy.
 */
final class ClientAddressHeaders implements HttpHeadersFilter, Ordered {

    private static final String FORWARDED_FOR = "X-Forwarded-For";

    /** After the filters that drop or extend what the client sent. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public HttpHeaders filter(HttpHeaders headers, ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        InetSocketAddress client = request.getRemoteAddress();
        if (client == null || client.isUnresolved() || headers.containsHeader(FORWARDED_FOR)) {
            return headers;
        }
        HttpHeaders told = new HttpHeaders();
        told.addAll(headers);
        told.set(FORWARDED_FOR, client.getAddress().getHostAddress());
        told.set("X-Forwarded-Proto", request.getURI().getScheme());
        String host = request.getHeaders().getFirst(HttpHeaders.HOST);
        if (host != null) {
            told.set("X-Forwarded-Host", host);
        }
        return told;
    }
}
