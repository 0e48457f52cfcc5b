package dev.holdfast.failover.command;

import static java.util.Objects.requireNonNullElse;

import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * What may be said about an operation on one node.
 *
 * @param reason for the journal; required with {@code force=true}
 * @param timeout for the node's requests to end (default: the cluster's {@code drainTimeout}) or, when it is enabled, for
 *     it to take traffic
 */
public record NodeOperationRequest(
        Optional<
                        @Size(max = MAX_REASON)
                        @Pattern(regexp = ONE_LINE, message = "must be one line without control characters") String>
                reason,
        Optional<@DurationMin(millis = 1) @DurationMax(days = 1) Duration> timeout) {

    /** Leaves room for the operation's name in what region-service is told, which takes 500 characters. */
    static final int MAX_REASON = 400;

    /** No control characters and none that reverse text, as region-service has it. */
    static final String ONE_LINE = "[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}\\u202a-\\u202e\\u2066-\\u2069]*";

    static final NodeOperationRequest EMPTY = new NodeOperationRequest(Optional.empty(), Optional.empty());

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public NodeOperationRequest {
        reason = requireNonNullElse(reason, Optional.empty());
        timeout = requireNonNullElse(timeout, Optional.empty());
    }
}
