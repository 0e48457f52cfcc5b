package dev.holdfast.failover.command;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.api.VisibleText;
import dev.holdfast.model.topology.NodeId;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * What may be said about a rolling restart.
 *
 * @param maxUnavailable how many nodes may be out of service at a time; default 1
 * @param reason for the journal; required with {@code force=true}
 * @param nodes the only ones to restart, in whatever admin state; default: every enabled node of the cluster
 * @param restartTimeout for each node to be restarted, and again for it to answer its checks
 * @param healthyTimeout for each node to take traffic after that
 */
public record RollingRestartRequest(
        @Min(1) @Max(1000) Integer maxUnavailable,

        Optional<
                        @Size(max = NodeOperationRequest.MAX_REASON)
                        @Pattern(regexp = VisibleText.PATTERN, message = VisibleText.MESSAGE) String>
                reason,

        @Size(max = 1000) List<@NotNull NodeId> nodes,
        Optional<@DurationMin(millis = 1) @DurationMax(days = 1) Duration> restartTimeout,
        Optional<@DurationMin(millis = 1) @DurationMax(days = 1) Duration> healthyTimeout) {

    static final RollingRestartRequest EMPTY =
            new RollingRestartRequest(1, Optional.empty(), List.of(), Optional.empty(), Optional.empty());

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public RollingRestartRequest {
        maxUnavailable = requireNonNullElse(maxUnavailable, 1);
        reason = requireNonNullElse(reason, Optional.empty());
        nodes = requireNonNullElse(nodes, List.of());
        restartTimeout = requireNonNullElse(restartTimeout, Optional.empty());
        healthyTimeout = requireNonNullElse(healthyTimeout, Optional.empty());
    }
}
