package dev.holdfast.health.probe;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The times at which a loop that should look at the clock at every pulse did not. Not safe for use by many threads. */
final class Standstills {

    /** No check takes longer than a minute, so what is older concerns none. */
    private static final Duration MEMORY = Duration.ofMinutes(2);

    private final Duration pulse;
    private final Deque<Standstill> standstills = new ArrayDeque<>();

    @Nullable
    private Duration last;

    Standstills(Duration pulse) {
        this.pulse = pulse;
    }

    /** Notes that the loop runs now, and returns by how much it is overdue. */
    Duration observe(Duration now) {
        Duration gap = last == null ? Duration.ZERO : now.minus(last).minus(pulse);
        last = now;
        if (gap.compareTo(pulse) <= 0) {
            return Duration.ZERO;
        }
        standstills.addLast(new Standstill(now, gap));
        while (now.minus(standstills.getFirst().until()).compareTo(MEMORY) > 0) {
            standstills.removeFirst();
        }
        return gap;
    }

    /** How long the loop has stood still since {@code moment}, in all; standstills of a pulse or less are not seen. */
    Duration since(Duration moment) {
        return standstills.stream()
                .filter(still -> still.until().compareTo(moment) > 0)
                .map(Standstill::length)
                .reduce(Duration.ZERO, Duration::plus);
    }

    private record Standstill(Duration until, Duration length) {}
}
