package dev.holdfast.model.topology;

import static java.util.Objects.requireNonNullElse;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * How the observers check each node of a cluster. Absent members take the defaults, which are quicker for {@code
 * POSTGRESQL}, where a failover waits for the verdict.
 *
 * @param type default {@code HTTP}; in a PostgreSQL cluster that leaves out the whole check, {@code POSTGRESQL}
 * @param path what HTTP and HTTPS checks request; default {@code /}
 * @param expectedStatus the statuses that count as success, such as {@code 200} or {@code 200-299} (default)
 * @param port where to check when not on the node's own port
 * @param tlsVerify whether an HTTPS check demands a certificate it trusts; default true
 * @param interval from one check to the next, at least 50 ms; default 1 s, for {@code POSTGRESQL} 250 ms
 * @param timeout of one check, at most the interval; default 500 ms, for {@code POSTGRESQL} 200 ms
 * @param rise for how many intervals every check has to succeed to turn a DOWN opinion UP; checks come faster meanwhile;
 *     default 2 (the first success is enough at start)
 * @param fall failures in a row that turn an UP opinion DOWN; default 3
 * @param jitter the share of the interval by which a check may come early, 0 to 0.5; default 0.1. Never late, so that
 *     {@code fall × interval + timeout} bounds detection
 */
public record HealthCheck(
        CheckType type,

        @Size(max = 2048) @Pattern(regexp = "/[\\x21-\\x7e]*", message = "must start with a slash and hold no blanks")
        String path,

        @Pattern(
                regexp = "[1-5]\\d\\d(-[1-5]\\d\\d)?",
                message = "must be a status such as \"200\" or a range such as \"200-299\"")
        String expectedStatus,

        Optional<@Min(1) @Max(65_535) Integer> port,
        Boolean tlsVerify,
        @DurationMin(millis = 50) @DurationMax(hours = 1) Duration interval,
        @DurationMin(millis = 10) @DurationMax(minutes = 1) Duration timeout,
        @Min(1) @Max(100) Integer rise,
        @Min(1) @Max(100) Integer fall,
        @DecimalMin("0.0") @DecimalMax("0.5") Double jitter) {

    public static final HealthCheck DEFAULT = defaultOf(CheckType.HTTP);

    public static final HealthCheck POSTGRESQL = defaultOf(CheckType.POSTGRESQL);

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public HealthCheck {
        type = requireNonNullElse(type, CheckType.HTTP);
        path = requireNonNullElse(path, "/");
        expectedStatus = requireNonNullElse(expectedStatus, "200-299");
        port = requireNonNullElse(port, Optional.empty());
        tlsVerify = requireNonNullElse(tlsVerify, true);
        boolean quick = type == CheckType.POSTGRESQL;
        interval = requireNonNullElse(interval, quick ? Duration.ofMillis(250) : Duration.ofSeconds(1));
        timeout = requireNonNullElse(timeout, quick ? Duration.ofMillis(200) : Duration.ofMillis(500));
        rise = requireNonNullElse(rise, 2);
        fall = requireNonNullElse(fall, 3);
        jitter = requireNonNullElse(jitter, 0.1);
    }

    @SuppressWarnings("NullAway") // Absent members take their defaults in the constructor.
    private static HealthCheck defaultOf(CheckType type) {
        return new HealthCheck(type, null, null, Optional.empty(), null, null, null, null, null, null);
    }
}
