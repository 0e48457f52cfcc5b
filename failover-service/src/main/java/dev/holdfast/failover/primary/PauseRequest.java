package dev.holdfast.failover.primary;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.api.VisibleText;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * Why automatic failover is paused.
 *
 * @param reason for those who find it paused
 */
public record PauseRequest(
        @NotBlank(message = "is required: it tells those who find failover paused why")
        @Size(max = FailoverRequest.MAX_REASON)
        @Pattern(regexp = VisibleText.PATTERN, message = VisibleText.MESSAGE)
        String reason) {

    public PauseRequest {
        reason = requireNonNullElse(reason, "");
    }
}
