package dev.holdfast.agent.order;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.api.agent.PostgresRole;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import java.util.Optional;

/**
 * What the node was last ordered to be.
 *
 * @param upstream of a standby; empty for one that receives from nobody
 * @param detachedIn the epoch in which a standby was proven to be detached; empty for one that follows
 * @param primarySince the epoch whose order made it the primary; empty for a standby
 * @param synchronous whom a primary's commits wait for; empty when no order has said so. Of a standby: whom its commits will
 *     wait for, because its promotion was ordered and may still come about
 */
public record Assignment(
        PostgresRole role,
        Optional<Upstream> upstream,
        Optional<Long> detachedIn,
        Optional<Long> primarySince,
        Optional<Synchronous> synchronous) {

    /** Where a standby receives from. */
    public record Upstream(NodeId node, Endpoint address) {}

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public Assignment {
        upstream = requireNonNullElse(upstream, Optional.empty());
        detachedIn = requireNonNullElse(detachedIn, Optional.empty());
        primarySince = requireNonNullElse(primarySince, Optional.empty());
        synchronous = requireNonNullElse(synchronous, Optional.empty());
    }

    static Assignment primary(Optional<Synchronous> synchronous, long epoch) {
        return new Assignment(
                PostgresRole.PRIMARY, Optional.empty(), Optional.empty(), Optional.of(epoch), synchronous);
    }

    static Assignment standby(
            Optional<Upstream> upstream, Optional<Long> detachedIn, Optional<Synchronous> synchronous) {
        return new Assignment(PostgresRole.STANDBY, upstream, detachedIn, Optional.empty(), synchronous);
    }

    public boolean servesAsPrimary() {
        return role == PostgresRole.PRIMARY;
    }

    /** Whether a standby may become the primary by an order that was given and not seen to its end. */
    public boolean mayBePromoted() {
        return role == PostgresRole.STANDBY && synchronous.isPresent();
    }
}
