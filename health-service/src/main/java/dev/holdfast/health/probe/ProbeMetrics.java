package dev.holdfast.health.probe;

import static java.util.Objects.requireNonNull;

import dev.holdfast.model.health.ProbeOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts and times of checks. */
public final class ProbeMetrics {

    private final Map<ProbeOutcome, Timer> durations = new EnumMap<>(ProbeOutcome.class);
    private final Timer lateness;
    private final Counter discarded;

    public ProbeMetrics(MeterRegistry registry) {
        for (ProbeOutcome outcome : ProbeOutcome.values()) {
            durations.put(
                    outcome,
                    Timer.builder("holdfast.health.probe.duration")
                            .description("Checks made, by how they ended")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        lateness = Timer.builder("holdfast.health.probe.lateness")
                .description("How long after it was due a check set out")
                .register(registry);
        discarded = Counter.builder("holdfast.health.probe.discarded")
                .description("Checks that don't count: this process stood still, or the target changed meanwhile")
                .register(registry);
    }

    void checked(ProbeOutcome outcome, Duration duration) {
        requireNonNull(durations.get(outcome)).record(duration);
    }

    void late(Duration late) {
        lateness.record(late);
    }

    void discarded() {
        discarded.increment();
    }
}
