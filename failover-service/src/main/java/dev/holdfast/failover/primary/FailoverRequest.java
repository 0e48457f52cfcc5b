package dev.holdfast.failover.primary;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.api.VisibleText;
import dev.holdfast.model.topology.NodeId;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Optional;

/**
 * What may be said about a failover.
 *
 * @param target who shall become primary; default: the best standby
 * @param allowDataLoss promote also without proof that nothing acknowledged is lost; needs the scope admin
 *     and a reason; default false
 * @param reason for the journal
 * @param epoch the request is refused in another epoch than this; default: the present one
 */
public record FailoverRequest(
        Optional<NodeId> target,
        Boolean allowDataLoss,
        Optional<@Size(max = MAX_REASON) @Pattern(regexp = VisibleText.PATTERN, message = VisibleText.MESSAGE) String>
                reason,
        Optional<@Min(1) Long> epoch) {

    static final int MAX_REASON = 1000;

    static final FailoverRequest EMPTY =
            new FailoverRequest(Optional.empty(), false, Optional.empty(), Optional.empty());

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public FailoverRequest {
        target = requireNonNullElse(target, Optional.empty());
        allowDataLoss = requireNonNullElse(allowDataLoss, false);
        reason = requireNonNullElse(reason, Optional.empty());
        epoch = requireNonNullElse(epoch, Optional.empty());
    }
}
