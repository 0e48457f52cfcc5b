package dev.holdfast.gateway.forwarding;

import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * The body of a user's request on its way to a node. Knows who is waited for: the client while the node would take more,
 * the node while it takes nothing, and the node again once the body is complete.
 */
final class RequestBody {

    private final ServerHttpRequest request;
    private final long maxBytes;
    private final LongSupplier nanoClock;
    private final AtomicLong wanted = new AtomicLong();
    private volatile boolean consumed;
    private volatile boolean complete;
    private volatile long movedAt;
    private volatile @Nullable ProblemException clientFault;

    RequestBody(ServerHttpRequest request, long maxBytes, LongSupplier nanoClock) {
        this.request = request;
        this.maxBytes = maxBytes;
        this.nanoClock = nanoClock;
    }

    /** The parts, for the one try that gets to send them. */
    Flux<DataBuffer> consume() {
        consumed = true;
        movedAt = nanoClock.getAsLong();
        AtomicLong bytes = new AtomicLong();
        return request.getBody()
                .doOnRequest(this::wants)
                .<DataBuffer>handle((part, sink) -> {
                    moved();
                    if (bytes.addAndGet(part.readableByteCount()) > maxBytes) {
                        DataBufferUtils.release(part);
                        sink.error(tooLarge(maxBytes));
                    } else {
                        sink.next(part);
                    }
                })
                .doOnComplete(() -> {
                    movedAt = nanoClock.getAsLong();
                    complete = true;
                })
                .doOnError(e -> clientFault = e instanceof ProblemException problem ? problem : brokeOff());
    }

    private void wants(long parts) {
        if (wanted.getAndAccumulate(parts, Operators::addCap) == 0) {
            movedAt = nanoClock.getAsLong();
        }
    }

    private void moved() {
        movedAt = nanoClock.getAsLong();
        wanted.updateAndGet(parts -> parts == Long.MAX_VALUE ? parts : parts - 1);
    }

    /** Whether any of it was asked for; it can't be read again. */
    boolean isConsumed() {
        return consumed;
    }

    /** When the last part passed or the end came, or when the client began to be waited for, whichever was last. */
    long movedAt() {
        return movedAt;
    }

    /** Whether more would be sent to the node if the client only sent it. */
    boolean waitsForClient() {
        return consumed && !complete && wanted.get() > 0;
    }

    /** The client has been silent for too long. */
    void clientIsTooSlow() {
        clientFault =
                new ProblemException(ProblemCode.REQUEST_TIMEOUT, "The rest of the request's body did not arrive.");
    }

    /** What the client did wrong; null as long as nothing is. */
    @Nullable
    ProblemException clientFault() {
        return clientFault;
    }

    static ProblemException tooLarge(long maxBytes) {
        return new ProblemException(
                ProblemCode.DOCUMENT_TOO_LARGE,
                "The body of a GET, HEAD or DELETE may have at most " + maxBytes + " bytes.");
    }

    private static ProblemException brokeOff() {
        return new ProblemException(ProblemCode.MALFORMED_REQUEST, "The request's body broke off.");
    }
}
