package dev.holdfast.model.replication;

import static java.util.Objects.requireNonNullElse;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * What makes the nodes of a cluster PostgreSQL servers that Holdfast runs. Absent members take the defaults.
 *
 * @param failover how the primary is replaced
 * @param listeners where the gateways take connections for it
 */
public record PostgresSettings(
        @Valid FailoverPolicy failover, @Valid Listeners listeners) {

    public static final PostgresSettings DEFAULT = new PostgresSettings(FailoverPolicy.DEFAULT, Listeners.NONE);

    public PostgresSettings {
        failover = requireNonNullElse(failover, FailoverPolicy.DEFAULT);
        listeners = requireNonNullElse(listeners, Listeners.NONE);
    }

    /**
     * The TCP ports of every gateway that lead to this cluster. No two clusters share one.
     *
     * @param readWrite leads to the primary of the current epoch; default: none
     * @param readOnly leads to healthy standbys that lag no further than {@code maximumLag}; default: none
     * @param holdTimeout how long a new connection waits for a primary before it is refused; default 30 s
     * @param connectTimeout of one try to reach a node; default 1 s
     * @param idleTimeout after which a silent connection is closed; default 0, never
     * @param maxConnections to this cluster through one gateway, those that wait included; default 1000
     * @param maximumLag of a standby behind the primary, in bytes of the log; default 16777216 (16 MiB)
     */
    public record Listeners(
            Optional<@Min(1) @Max(65_535) Integer> readWrite,
            Optional<@Min(1) @Max(65_535) Integer> readOnly,

            @DurationMin(millis = 0) @DurationMax(minutes = 10)
            Duration holdTimeout,

            @DurationMin(millis = 10) @DurationMax(minutes = 1)
            Duration connectTimeout,

            @DurationMin(millis = 0) @DurationMax(hours = 24 * 7)
            Duration idleTimeout,

            @Min(1) @Max(100_000) Integer maxConnections,
            @Min(0) Long maximumLag) {

        @SuppressWarnings("NullAway") // Absent members take their defaults in the constructor.
        public static final Listeners NONE =
                new Listeners(Optional.empty(), Optional.empty(), null, null, null, null, null);

        @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
        public Listeners {
            readWrite = requireNonNullElse(readWrite, Optional.empty());
            readOnly = requireNonNullElse(readOnly, Optional.empty());
            holdTimeout = requireNonNullElse(holdTimeout, Duration.ofSeconds(30));
            connectTimeout = requireNonNullElse(connectTimeout, Duration.ofSeconds(1));
            idleTimeout = requireNonNullElse(idleTimeout, Duration.ZERO);
            maxConnections = requireNonNullElse(maxConnections, 1000);
            maximumLag = requireNonNullElse(maximumLag, 16L << 20);
        }

        /** All that are in use. */
        public List<Integer> ports() {
            return Stream.concat(readWrite.stream(), readOnly.stream()).toList();
        }
    }
}
