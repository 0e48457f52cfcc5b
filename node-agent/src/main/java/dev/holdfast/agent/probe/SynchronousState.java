package dev.holdfast.agent.probe;

import dev.holdfast.agent.order.Assignment;
import dev.holdfast.agent.order.OrderDesk;
import dev.holdfast.agent.postgres.PostgresEngine;
import dev.holdfast.agent.postgres.PostgresException;
import dev.holdfast.model.topology.Endpoint;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Whether the upstream counts this standby as synchronous; asked at most once a second, however many probe. */
final class SynchronousState {

    private static final Duration GOOD_FOR = Duration.ofSeconds(1);

    private final PostgresEngine engine;
    private final OrderDesk desk;
    private final LongSupplier nanoClock;
    private Optional<Known> known = Optional.empty();

    SynchronousState(PostgresEngine engine, OrderDesk desk, LongSupplier nanoClock) {
        this.engine = engine;
        this.desk = desk;
        this.nanoClock = nanoClock;
    }

    private record Known(long at, Optional<Boolean> synchronous) {}

    /** Empty when there is no upstream, or it doesn't say. */
    synchronized Optional<Boolean> get() {
        long now = nanoClock.getAsLong();
        if (known.filter(last -> now - last.at() < GOOD_FOR.toNanos()).isEmpty()) {
            known = Optional.of(new Known(now, ask()));
        }
        return known.flatMap(Known::synchronous);
    }

    private Optional<Boolean> ask() {
        Optional<Endpoint> upstream =
                desk.record().assignment().flatMap(Assignment::upstream).map(Assignment.Upstream::address);
        try {
            return upstream.isEmpty()
                    ? Optional.empty()
                    : engine.synchronousStateAt(upstream.get())
                            .map(state -> state.equals("sync") || state.equals("quorum"));
        } catch (PostgresException e) {
            return Optional.empty();
        }
    }
}
