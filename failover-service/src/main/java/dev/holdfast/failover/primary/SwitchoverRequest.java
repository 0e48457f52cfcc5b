package dev.holdfast.failover.primary;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.api.VisibleText;
import dev.holdfast.model.topology.NodeId;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Optional;

/**
 * What may be said about a switchover.
 *
 * @param target who shall become primary; default: the best standby
 * @param reason for the journal
 * @param epoch the request is refused in another epoch than this; default: the present one
 */
public record SwitchoverRequest(
        Optional<NodeId> target,
        Optional<
                        @Size(max = FailoverRequest.MAX_REASON)
                        @Pattern(regexp = VisibleText.PATTERN, message = VisibleText.MESSAGE) String>
                reason,
        Optional<@Min(1) Long> epoch) {

    static final SwitchoverRequest EMPTY = new SwitchoverRequest(Optional.empty(), Optional.empty(), Optional.empty());

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public SwitchoverRequest {
        target = requireNonNullElse(target, Optional.empty());
        reason = requireNonNullElse(reason, Optional.empty());
        epoch = requireNonNullElse(epoch, Optional.empty());
    }
}
