package dev.holdfast.failover.command;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.model.topology.NodeId;
import java.util.Optional;

/**
 * Says what was done.
 *
 * @param node the one that was restarted; needed when several wait, and wise always, so that a repeated confirmation
 *     can't be taken for the next node's
 */
public record ConfirmRequest(Optional<NodeId> node) {

    static final ConfirmRequest EMPTY = new ConfirmRequest(Optional.empty());

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public ConfirmRequest {
        node = requireNonNullElse(node, Optional.empty());
    }
}
