package dev.holdfast.failover.primary;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.api.VisibleText;
import dev.holdfast.model.topology.NodeId;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Optional;

/**
 * What may be said about a switchover.
 *
 * @param target who shall become primary; default: the best standby
 * @param at when it is to begin, at most 30 days from now; default: at once
 * @param reason for the journal
 * @param epoch the request is refused in another epoch than this; default: the present one
 */
public record SwitchoverRequest(
        Optional<NodeId> target,
        Optional<Instant> at,
        Optional<
                        @Size(max = FailoverRequest.MAX_REASON)
                        @Pattern(regexp = VisibleText.PATTERN, message = VisibleText.MESSAGE) String>
                reason,
        Optional<@Min(1) Long> epoch) {

    static final SwitchoverRequest EMPTY =
            new SwitchoverRequest(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public SwitchoverRequest {
        target = requireNonNullElse(target, Optional.empty());
        at = requireNonNullElse(at, Optional.empty());
        reason = requireNonNullElse(reason, Optional.empty());
        epoch = requireNonNullElse(epoch, Optional.empty());
    }
}
