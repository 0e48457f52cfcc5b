package dev.holdfast.gateway;

import dev.holdfast.model.topology.Balancing;
import dev.holdfast.model.topology.ClusterSettings;
import dev.holdfast.model.topology.Ejection;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.Redundancy;
import dev.holdfast.model.topology.Retries;
import dev.holdfast.model.topology.Route;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Cluster settings for tests. */
final class Settings {

    private Settings() {}

    /** The defaults, with times short enough for tests. */
    static ClusterSettings fast() {
        return with(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    static ClusterSettings withLongEjections() {
        return with(Duration.ofMinutes(1), Duration.ofSeconds(2));
    }

    static ClusterSettings withRequestTimeout(Duration requestTimeout) {
        return with(Duration.ofMinutes(1), requestTimeout);
    }

    private static ClusterSettings with(Duration ejection, Duration requestTimeout) {
        return new ClusterSettings(
                Redundancy.ACTIVE_ACTIVE,
                List.of(new Route("*", "/")),
                HealthCheck.DEFAULT,
                Balancing.DEFAULT,
                new Retries(3, Duration.ofMillis(300), requestTimeout, 20, 3),
                new Ejection(5, ejection, Duration.ofMinutes(5), 50),
                ClusterSettings.DEFAULT_DRAIN_TIMEOUT,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
