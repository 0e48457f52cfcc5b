package dev.holdfast.gateway.control.status;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * The status as server-sent events: whole at once, then whole again on each change, at most five times a second. It is
 * looked at and written once for all listeners, and only while there are any.
 *
 * <p>A listener that reads slowly misses what was overtaken meanwhile: each event is taken when it is about to be
 * written, and is then the newest.
 */
final class StatusFeed {

    /** From one look at the status to the next. */
    static final Duration TICK = Duration.ofMillis(200);

    /** Requests come and go all the time: what only counts them is told every so many ticks. */
    static final int TICKS_BETWEEN_COUNTS = 5;

    /** Shows both ends of a quiet connection that it still stands. */
    static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private static final String HEARTBEAT_FRAME = ": heartbeat\n\n";

    private final Supplier<StatusView> status;
    private final JsonMapper mapper;
    private final Mono<Void> closing;
    private final Flux<Event> events;

    /** @param closing ends all streams, so that the process need not wait for its listeners to leave */
    StatusFeed(Supplier<StatusView> status, JsonMapper mapper, Mono<Void> closing) {
        this.status = status;
        this.mapper = mapper;
        this.closing = closing;
        this.events = Flux.interval(Duration.ZERO, TICK)
                .onBackpressureDrop()
                .scan(Event.NONE, this::next)
                .skip(1)
                .distinctUntilChanged(Event::number)
                .replay(1)
                .refCount();
    }

    /** One listener's stream. Each group of buffers is one event; a group may turn out empty. */
    Flux<Flux<DataBuffer>> frames(DataBufferFactory buffers) {
        AtomicReference<Event> newest = new AtomicReference<>(Event.NONE);
        AtomicReference<Event> written = new AtomicReference<>(Event.NONE);
        Flux<Flux<DataBuffer>> changes = events.doOnNext(newest::set)
                .onBackpressureLatest()
                .map(signal -> Flux.defer(() -> {
                    Event event = newest.get();
                    return event.equals(written.getAndSet(event))
                            ? Flux.empty()
                            : Flux.just(buffer(event.frame(), buffers));
                }));
        Flux<Flux<DataBuffer>> heartbeats =
                Flux.interval(HEARTBEAT).onBackpressureDrop().map(tick -> Flux.just(buffer(HEARTBEAT_FRAME, buffers)));
        return Flux.merge(changes, heartbeats).takeUntilOther(closing);
    }

    private Event next(Event held, long tick) {
        StatusView now = status.get();
        StatusView before = held.view();
        boolean onlyCounts = before != null && now.withoutCounts().equals(before.withoutCounts());
        if (now.equals(before) || (onlyCounts && tick % TICKS_BETWEEN_COUNTS != 0)) {
            return held;
        }
        String frame = "data: " + mapper.writeValueAsString(now) + "\n\n";
        return new Event(held.number() + 1, now, frame);
    }

    private static DataBuffer buffer(String frame, DataBufferFactory buffers) {
        return buffers.wrap(frame.getBytes(StandardCharsets.UTF_8));
    }

    /** @param number grows with each event; 0 before the first */
    private record Event(long number, @Nullable StatusView view, String frame) {

        static final Event NONE = new Event(0, null, "");
    }
}
