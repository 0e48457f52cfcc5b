package dev.holdfast.api;

import dev.holdfast.model.topology.AdminState;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Optional;

/**
 * A request to set a node's admin state.
 *
 * @param reason for the journal
 */
public record AdminStateRequest(@NotNull AdminState adminState, Optional<@Size(max = 500) String> reason) {

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public AdminStateRequest {
        reason = java.util.Objects.requireNonNullElse(reason, Optional.empty());
    }
}
