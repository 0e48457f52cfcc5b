package dev.holdfast.failover.command;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.api.VisibleText;
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
        Optional<@Size(max = MAX_REASON) @Pattern(regexp = VisibleText.PATTERN, message = VisibleText.MESSAGE) String>
                reason,
        Optional<@DurationMin(millis = 1) @DurationMax(days = 1) Duration> timeout) {

    /** Leaves room for the operation's name in what region-service is told, which takes 500 characters. */
    static final int MAX_REASON = 400;

    static final NodeOperationRequest EMPTY = new NodeOperationRequest(Optional.empty(), Optional.empty());

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public NodeOperationRequest {
        reason = requireNonNullElse(reason, Optional.empty());
        timeout = requireNonNullElse(timeout, Optional.empty());
    }
}
