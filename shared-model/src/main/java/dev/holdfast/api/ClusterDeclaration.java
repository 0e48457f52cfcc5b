package dev.holdfast.api;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.model.replication.PostgresSettings;
import dev.holdfast.model.topology.Balancing;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.ClusterSettings;
import dev.holdfast.model.topology.Ejection;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.Redundancy;
import dev.holdfast.model.topology.RestartHook;
import dev.holdfast.model.topology.Retries;
import dev.holdfast.model.topology.Route;
import dev.holdfast.model.topology.SynchronisationHook;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * A whole cluster as a user declares it. Absent members take their defaults; nodes that are not listed are removed.
 *
 * @param id may be left out; when given, it is the id in the path
 * @param routes default: none, the cluster is checked but not reachable through the gateways
 * @param check default: HTTP; in a PostgreSQL cluster {@link HealthCheck#POSTGRESQL}
 * @param drainTimeout default 30 s
 * @param postgresql makes the nodes PostgreSQL servers that Holdfast runs; the redundancy is then {@code ACTIVE_PASSIVE}
 */
public record ClusterDeclaration(
        Optional<ClusterId> id,
        Redundancy redundancy,
        @Size(max = 100) List<@NotNull @Valid Route> routes,
        @Valid HealthCheck check,
        @Valid Balancing balancing,
        @Valid Retries retries,
        @Valid Ejection ejection,
        @DurationMin(millis = 0) @DurationMax(hours = 24) Duration drainTimeout,
        Optional<@Valid SynchronisationHook> synchronisation,
        Optional<@Valid RestartHook> restart,
        Optional<@Valid PostgresSettings> postgresql,
        @Size(max = 5000) List<@NotNull @Valid NodeDeclaration> nodes) {

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public ClusterDeclaration {
        id = requireNonNullElse(id, Optional.empty());
        postgresql = requireNonNullElse(postgresql, Optional.empty());
        boolean replicated = postgresql.isPresent();
        redundancy = requireNonNullElse(redundancy, replicated ? Redundancy.ACTIVE_PASSIVE : Redundancy.ACTIVE_ACTIVE);
        routes = requireNonNullElse(routes, List.of());
        check = requireNonNullElse(check, replicated ? HealthCheck.POSTGRESQL : HealthCheck.DEFAULT);
        balancing = requireNonNullElse(balancing, Balancing.DEFAULT);
        retries = requireNonNullElse(retries, Retries.DEFAULT);
        ejection = requireNonNullElse(ejection, Ejection.DEFAULT);
        drainTimeout = requireNonNullElse(drainTimeout, ClusterSettings.DEFAULT_DRAIN_TIMEOUT);
        synchronisation = requireNonNullElse(synchronisation, Optional.empty());
        restart = requireNonNullElse(restart, Optional.empty());
        nodes = requireNonNullElse(nodes, List.of());
    }

    public ClusterSettings settings() {
        return new ClusterSettings(
                redundancy,
                routes,
                check,
                balancing,
                retries,
                ejection,
                drainTimeout,
                synchronisation,
                restart,
                postgresql);
    }

    public ClusterDeclaration withRestart(Optional<RestartHook> hook) {
        return new ClusterDeclaration(
                id,
                redundancy,
                routes,
                check,
                balancing,
                retries,
                ejection,
                drainTimeout,
                synchronisation,
                hook,
                postgresql,
                nodes);
    }

    /** The declaration that would declare a cluster with these settings and nodes; it shows no secret. */
    public static ClusterDeclaration of(ClusterId id, ClusterSettings settings, List<NodeDeclaration> nodes) {
        return new ClusterDeclaration(
                Optional.of(id),
                settings.redundancy(),
                settings.routes(),
                settings.check(),
                settings.balancing(),
                settings.retries(),
                settings.ejection(),
                settings.drainTimeout(),
                settings.synchronisation(),
                settings.restart().map(RestartHook::withHiddenSecret),
                settings.postgresql(),
                nodes);
    }
}
