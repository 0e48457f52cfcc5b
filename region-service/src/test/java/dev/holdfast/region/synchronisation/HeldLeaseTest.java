package dev.holdfast.region.synchronisation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.region.SettableClock;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HeldLeaseTest {

    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(6);

    private final SettableClock clock = new SettableClock();

    private final InMemoryClusterStateStore store = new InMemoryClusterStateStore(clock);

    private final AtomicLong nanos = new AtomicLong();

    private final HeldLease first = new HeldLease(store, "work", "first", TIME_TO_LIVE, nanos::get);

    private final HeldLease second = new HeldLease(store, "work", "second", TIME_TO_LIVE, nanos::get);

    @Test
    void isRenewedInGoodTimeAndKeepsItsToken() {
        long token = first.current().orElseThrow().fencingToken();
        for (int i = 0; i < 10; i++) {
            pass(Duration.ofSeconds(2));
            assertThat(first.current().orElseThrow().fencingToken()).isEqualTo(token);
            assertThat(second.current()).isEmpty();
        }
    }

    @Test
    void goesToAnotherAtOnceWhenGivenBackAndOtherwiseWhenItRunsOut() {
        long token = first.current().orElseThrow().fencingToken();
        first.release();
        assertThat(second.current().orElseThrow().fencingToken()).isGreaterThan(token);
        assertThat(first.current()).isEmpty();
        pass(TIME_TO_LIVE.plusMillis(1));
        assertThat(first.current()).isPresent();
        assertThat(second.current()).isEmpty();
    }

    private void pass(Duration time) {
        clock.advance(time);
        nanos.addAndGet(time.toNanos());
    }
}
