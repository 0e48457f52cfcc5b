package dev.holdfast.model.topology;

import dev.holdfast.model.replication.PostgresSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * All that a cluster declares besides its nodes.
 *
 * @param drainTimeout how long a draining node may take to finish its requests
 * @param synchronisation asked of a node before it takes traffic; without one, answering the checks is enough
 * @param restart called to restart a node during a rolling restart; without one an operator confirms each restart
 * @param postgresql present exactly in a cluster whose nodes are PostgreSQL servers that Holdfast runs
 */
public record ClusterSettings(
        Redundancy redundancy,
        List<Route> routes,
        HealthCheck check,
        Balancing balancing,
        Retries retries,
        Ejection ejection,
        Duration drainTimeout,
        Optional<SynchronisationHook> synchronisation,
        Optional<RestartHook> restart,
        Optional<PostgresSettings> postgresql) {

    public static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(30);

    public ClusterSettings {
        routes = List.copyOf(routes);
    }

    public ClusterSettings withRestart(Optional<RestartHook> hook) {
        return new ClusterSettings(
                redundancy,
                routes,
                check,
                balancing,
                retries,
                ejection,
                drainTimeout,
                synchronisation,
                hook,
                postgresql);
    }
}
