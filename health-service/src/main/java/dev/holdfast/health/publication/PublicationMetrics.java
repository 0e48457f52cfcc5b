package dev.holdfast.health.publication;

import static java.util.Objects.requireNonNull;

import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts of what was published, and how long it took. */
public final class PublicationMetrics {

    private final Timer lag;
    private final Map<HealthStatus, Counter> verdicts = new EnumMap<>(HealthStatus.class);

    public PublicationMetrics(MeterRegistry registry) {
        lag = Timer.builder("holdfast.health.publish.lag")
                .description("From the change of an opinion to its commit in the store")
                .register(registry);
        for (HealthStatus status : HealthStatus.values()) {
            verdicts.put(
                    status,
                    Counter.builder("holdfast.health.verdict.changes")
                            .description("Verdicts that this replica committed")
                            .tag("status", status.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    void published(Duration after) {
        lag.record(after.isNegative() ? Duration.ZERO : after);
    }

    void changed(NodeHealth verdict) {
        requireNonNull(verdicts.get(verdict.status())).increment();
    }
}
