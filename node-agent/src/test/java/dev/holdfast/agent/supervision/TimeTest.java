package dev.holdfast.agent.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.supervision.TimeGap.Look;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TimeTest {

    private static final Duration TOLERANCE = Duration.ofSeconds(1);

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private static final Look BEFORE = new Look(0, NOON);

    @Test
    void ticksAreNoGap() {
        assertThat(TimeGap.between(BEFORE, after(Duration.ofMillis(900), Duration.ofMillis(900)), TOLERANCE))
                .isEmpty();
    }

    @Test
    void findsAFrozenProcess() {
        assertThat(TimeGap.between(BEFORE, after(Duration.ofSeconds(60), Duration.ofSeconds(60)), TOLERANCE))
                .hasValueSatisfying(gap -> assertThat(gap.lasted()).isEqualTo(Duration.ofSeconds(60)));
    }

    @Test
    void findsASuspendedMachineWhoseMonotonicClockStoodStill() {
        assertThat(TimeGap.between(BEFORE, after(Duration.ofMillis(100), Duration.ofHours(1)), TOLERANCE))
                .hasValueSatisfying(gap -> assertThat(gap.lasted()).isEqualTo(Duration.ofHours(1)));
    }

    @Test
    void findsAClockThatWasSetBack() {
        assertThat(TimeGap.between(BEFORE, after(Duration.ofMillis(100), Duration.ofHours(-1)), TOLERANCE))
                .hasValueSatisfying(gap -> {
                    assertThat(gap.lasted()).isEqualTo(Duration.ofMillis(100));
                    assertThat(gap.clockMovedBy()).isNegative();
                });
    }

    @Test
    void isInDoubtFromTheFirstLookAfterAFreezeUntilThatDoubtIsOver() {
        AtomicReference<Look> clocks = new AtomicReference<>(BEFORE);
        Wakefulness wakefulness =
                new Wakefulness(() -> clocks.get().nanos(), () -> clocks.get().wall(), TOLERANCE);
        wakefulness.confirm(wakefulness.doubtfulSince().orElseThrow());
        assertThat(wakefulness.isDoubtful()).isFalse();

        clocks.set(after(Duration.ofSeconds(60), Duration.ofSeconds(60)));
        assertThat(wakefulness.isDoubtful()).isTrue();
        long first = wakefulness.doubtfulSince().orElseThrow();

        clocks.set(after(Duration.ofSeconds(90), Duration.ofSeconds(90)));
        assertThat(wakefulness.isDoubtful()).isTrue();
        wakefulness.confirm(first); // Of the freeze before.
        assertThat(wakefulness.isDoubtful()).isTrue();
        wakefulness.confirm(wakefulness.doubtfulSince().orElseThrow());
        assertThat(wakefulness.isDoubtful()).isFalse();
        assertThat(wakefulness.freezes()).isEqualTo(2);
    }

    private static Look after(Duration monotonic, Duration wall) {
        return new Look(monotonic.toNanos(), NOON.plus(wall));
    }
}
