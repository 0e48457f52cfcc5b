package dev.holdfast.gateway.tcp;

import dev.holdfast.gateway.tcp.route.ListenerId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The meters of one listener; {@code docs/tcp-listeners.md} explains each. */
final class ListenerMeters {

    private final MeterRegistry registry;
    private final List<Meter> all = new ArrayList<>();
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final Timer wait;
    private final Map<RefuseCause, Counter> refused = new EnumMap<>(RefuseCause.class);
    private final Map<CloseCause, Counter> closed = new EnumMap<>(CloseCause.class);

    ListenerMeters(ListenerId listener, MeterRegistry registry) {
        this.registry = registry;
        Tags tags = Tags.of(
                "cluster",
                listener.cluster().value(),
                "listener",
                listener.kind().tag());
        all.add(Gauge.builder("holdfast.gateway.tcp.held", held, AtomicInteger::get)
                .description("Connections that are not joined to a node yet")
                .tags(tags)
                .strongReference(true)
                .register(registry));
        all.add(Gauge.builder("holdfast.gateway.tcp.open", open, AtomicInteger::get)
                .description("Connections that are joined to a node")
                .tags(tags)
                .strongReference(true)
                .register(registry));
        wait = Timer.builder("holdfast.gateway.tcp.wait")
                .description("From a client's connection to its being joined to a node")
                .tags(tags)
                .register(registry);
        all.add(wait);
        for (RefuseCause cause : RefuseCause.values()) {
            refused.put(
                    cause,
                    Counter.builder("holdfast.gateway.tcp.refused")
                            .description("Connections closed before they were joined to a node")
                            .tags(tags.and("cause", cause.tag()))
                            .register(registry));
        }
        for (CloseCause cause : CloseCause.values()) {
            closed.put(
                    cause,
                    Counter.builder("holdfast.gateway.tcp.closed")
                            .description("Connections closed after they had been joined to a node")
                            .tags(tags.and("cause", cause.tag()))
                            .register(registry));
        }
        all.addAll(refused.values());
        all.addAll(closed.values());
    }

    void holds() {
        held.incrementAndGet();
    }

    void joined(long waitedNanos) {
        held.decrementAndGet();
        open.incrementAndGet();
        wait.record(waitedNanos, TimeUnit.NANOSECONDS);
    }

    /** A connection that was never held. */
    void refusedAtOnce(RefuseCause cause) {
        count(refused.get(cause));
    }

    void refused(RefuseCause cause) {
        held.decrementAndGet();
        count(refused.get(cause));
    }

    void closed(CloseCause cause) {
        open.decrementAndGet();
        count(closed.get(cause));
    }

    /** The listener is gone, and its meters with it. */
    void forget() {
        all.forEach(registry::remove);
    }

    private static void count(@Nullable Counter counter) {
        if (counter != null) {
            counter.increment();
        }
    }
}
