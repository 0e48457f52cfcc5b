package dev.holdfast.gateway.forwarding;

import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.server.reactive.AbstractServerHttpResponse;
import reactor.core.publisher.Mono;

/** The status and headers of a node's answer, before it is decided that the user gets them. */
final class AnswerHead extends AbstractServerHttpResponse {

    private static final String NOTHING_IS_WRITTEN_HERE = "the body of a try is written only once it is the answer";

    AnswerHead() {
        super(DefaultDataBufferFactory.sharedInstance);
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // As the class above declares it.
    public <T> T getNativeResponse() {
        throw new UnsupportedOperationException(NOTHING_IS_WRITTEN_HERE);
    }

    @Override
    protected Mono<Void> writeWithInternal(Publisher<? extends DataBuffer> body) {
        throw new UnsupportedOperationException(NOTHING_IS_WRITTEN_HERE);
    }

    @Override
    protected Mono<Void> writeAndFlushWithInternal(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        throw new UnsupportedOperationException(NOTHING_IS_WRITTEN_HERE);
    }

    @Override
    protected void applyStatusCode() {}

    @Override
    protected void applyHeaders() {}

    @Override
    protected void applyCookies() {}
}
