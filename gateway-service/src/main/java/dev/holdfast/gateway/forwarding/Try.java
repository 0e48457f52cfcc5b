package dev.holdfast.gateway.forwarding;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_CONN_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.CLIENT_RESPONSE_HEADER_NAMES;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;
import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.ORIGINAL_RESPONSE_CONTENT_TYPE_ATTR;

import dev.holdfast.gateway.activity.NodeRecord;
import dev.holdfast.gateway.balancing.NodeInstance;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;
import reactor.core.publisher.Flux;
import reactor.netty.Connection;

/**
 * One try of a request on one node, as an exchange of its own: what the routing filter puts into attributes and response
 * stays here until {@link #passOn}. So an abandoned try, whose answer may arrive at any moment on another thread, never
 * touches the user's exchange, and its connection is closed however the two race.
 */
final class Try extends ServerWebExchangeDecorator {

    /** What the routing filter leaves for the filter that writes the response. */
    private static final List<String> ANSWER = List.of(
            CLIENT_RESPONSE_ATTR,
            CLIENT_RESPONSE_CONN_ATTR,
            CLIENT_RESPONSE_HEADER_NAMES,
            ORIGINAL_RESPONSE_CONTENT_TYPE_ATTR);

    private final ForwardedRequest request;
    private final NodeInstance node;
    private final NodeRecord nodeRecord;
    private final URI url;
    private final long begunAt;
    private final Map<String, Object> attributes;
    private final ServerHttpRequest tryRequest;
    private final AnswerHead answer = new AnswerHead();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean abandoned;
    private volatile boolean connected;
    private volatile boolean bodySubscribed;

    /** The try counts as outstanding from here until {@link #end}. */
    Try(ForwardedRequest request, NodeInstance node, NodeRecord nodeRecord, URI url, long begunAt) {
        super(request.exchange());
        this.request = request;
        this.node = node;
        this.nodeRecord = nodeRecord;
        this.url = url;
        this.begunAt = begunAt;
        this.attributes = new ConcurrentHashMap<>(request.exchange().getAttributes());
        this.attributes.put(GATEWAY_REQUEST_URL_ATTR, url);
        this.tryRequest = new TryRequest();
    }

    /** Where the node is asked. */
    URI url() {
        return url;
    }

    NodeInstance node() {
        return node;
    }

    NodeRecord nodeRecord() {
        return nodeRecord;
    }

    long begunAt() {
        return begunAt;
    }

    /** Whether there was a connection to send the request on. */
    boolean connected() {
        return connected;
    }

    /** Whether sending had begun, so that the node may have seen some of the request. */
    boolean mayHaveBeenSent() {
        return bodySubscribed;
    }

    HttpStatusCode status() {
        HttpStatusCode status = answer.getStatusCode();
        return status == null ? HttpStatusCode.valueOf(200) : status;
    }

    /** Makes this try's answer the answer of the request. */
    void passOn() {
        ServerWebExchange exchange = getDelegate();
        for (String name : ANSWER) {
            Object value = attributes.get(name);
            if (name.equals(CLIENT_RESPONSE_CONN_ATTR) && value instanceof Connection connection) {
                exchange.getAttributes().put(name, new NodeConnection(connection));
            } else if (value != null) {
                exchange.getAttributes().put(name, value);
            }
        }
        ServerHttpResponse response = exchange.getResponse();
        response.setRawStatusCode(status().value());
        response.getHeaders().addAll(answer.getHeaders());
    }

    /** Gives the try up: whatever comes of it is thrown away, and its connection is closed. */
    void abandon() {
        abandoned = true;
        closeConnection();
        end();
    }

    /** The request is not under way to the node any more. Has an effect once. */
    void end() {
        if (ended.compareAndSet(false, true)) {
            nodeRecord.requestEnded();
        }
    }

    private void closeConnection() {
        if (attributes.get(CLIENT_RESPONSE_CONN_ATTR) instanceof Connection connection) {
            new NodeConnection(connection).dispose();
        }
    }

    @Override
    public Map<String, Object> getAttributes() {
        return attributes;
    }

    @Override
    public ServerHttpRequest getRequest() {
        return tryRequest;
    }

    @Override
    public ServerHttpResponse getResponse() {
        // The routing filter asks for the response after it has stored the connection. Whoever comes second here, it or
        // abandon(), sees what the other wrote and closes the connection.
        if (abandoned) {
            closeConnection();
        }
        return answer;
    }

    /** Tells how far sending has come. */
    private final class TryRequest extends ServerHttpRequestDecorator {

        TryRequest() {
            super(request.exchange().getRequest());
        }

        @Override
        public Flux<DataBuffer> getBody() {
            // Asked for by the routing filter when it has a connection, subscribed to when it sends.
            connected = true;
            return Flux.defer(() -> {
                bodySubscribed = true;
                return request.hasBody() ? request.consumeBody() : Flux.empty();
            });
        }
    }
}
