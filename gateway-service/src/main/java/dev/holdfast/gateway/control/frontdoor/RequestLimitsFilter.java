package dev.holdfast.gateway.control.frontdoor;

import dev.holdfast.api.access.OnBehalfOf;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import java.util.concurrent.TimeoutException;
import org.reactivestreams.Publisher;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.NettyWriteResponseFilter;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Takes the request in whole before it is passed on, bounded in size and time: a service never sees half a document, and
 * the next replica can be given the same one.
 */
final class RequestLimitsFilter implements GatewayFilter, Ordered {

    private final Upstream upstream;
    private final FrontDoorSettings settings;
    private final Mono<Void> closing;

    /** @param closing ends streams, so that the process need not wait for their readers to leave */
    RequestLimitsFilter(Upstream upstream, FrontDoorSettings settings, Mono<Void> closing) {
        this.upstream = upstream;
        this.settings = settings;
        this.closing = closing;
    }

    /** Outside the filter that writes the response, so that the time limit covers the writing. */
    @Override
    public int getOrder() {
        return NettyWriteResponseFilter.WRITE_RESPONSE_FILTER_ORDER - 1;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Mono<Void> passedOn = body(exchange)
                .flatMap(body -> chain.filter(exchange.mutate()
                        .request(request(exchange, body))
                        .response(response(exchange))
                        .build()));
        // A stream that has begun has no end to wait for.
        Mono<Long> timeIsUp = Mono.delay(settings.requestTimeout())
                .flatMap(tick -> isStream(exchange.getResponse()) ? Mono.never() : Mono.just(tick));
        return passedOn.timeout(timeIsUp).onErrorMap(TimeoutException.class, e -> tooSlow());
    }

    private Mono<byte[]> body(ServerWebExchange exchange) {
        long maxBody = settings.maxBody().toBytes();
        if (exchange.getRequest().getHeaders().getContentLength() > maxBody) {
            return Mono.error(tooLarge());
        }
        return DataBufferUtils.join(exchange.getRequest().getBody(), (int) maxBody)
                .map(RequestLimitsFilter::bytes)
                .defaultIfEmpty(new byte[0])
                .onErrorMap(DataBufferLimitException.class, e -> tooLarge());
    }

    private static byte[] bytes(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }

    private static ServerHttpRequest request(ServerWebExchange exchange, byte[] body) {
        ServerHttpRequest own = exchange.getRequest()
                .mutate()
                .headers(headers -> headers.remove(OnBehalfOf.HEADER))
                .build();
        return new ServerHttpRequestDecorator(own) {
            @Override
            public Flux<DataBuffer> getBody() {
                return body.length == 0
                        ? Flux.empty()
                        : Flux.defer(() ->
                                Flux.just(exchange.getResponse().bufferFactory().wrap(body)));
            }
        };
    }

    /** Ends streams, which are what is written and flushed piece by piece, in good order when the control plane closes. */
    private ServerHttpResponse response(ServerWebExchange exchange) {
        return new ServerHttpResponseDecorator(exchange.getResponse()) {
            @Override
            public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
                return super.writeAndFlushWith(
                        Flux.<Publisher<? extends DataBuffer>>from(body).takeUntilOther(closing));
            }
        };
    }

    private static boolean isStream(ServerHttpResponse response) {
        return MediaType.TEXT_EVENT_STREAM.isCompatibleWith(
                response.getHeaders().getContentType());
    }

    private ProblemException tooLarge() {
        return new ProblemException(
                ProblemCode.DOCUMENT_TOO_LARGE,
                "A request's body may have at most " + settings.maxBody().toBytes() + " bytes.");
    }

    private ProblemException tooSlow() {
        return new ProblemException(
                ProblemCode.SERVICE_UNAVAILABLE,
                upstream.service() + " did not answer within "
                        + settings.requestTimeout().toMillis()
                        + " ms. What the request asks for may or may not have been done: look before you repeat it.");
    }
}
