package dev.holdfast.agent.order;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.api.agent.Epoch;
import dev.holdfast.api.agent.PostgresRole;
import dev.holdfast.api.agent.SynchronousStandbys;
import dev.holdfast.model.topology.Endpoint;
import java.util.Optional;

/**
 * What the node was last ordered to be.
 *
 * @param upstream of a standby; empty for one that receives from nobody
 * @param detachedIn the epoch in which a standby was detached; empty for one that follows
 * @param synchronous whom a primary's commits wait for; empty when no order has said so
 */
public record Assignment(
        PostgresRole role,
        Optional<Endpoint> upstream,
        Optional<Epoch> detachedIn,
        Optional<SynchronousStandbys> synchronous) {

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public Assignment {
        upstream = requireNonNullElse(upstream, Optional.empty());
        detachedIn = requireNonNullElse(detachedIn, Optional.empty());
        synchronous = requireNonNullElse(synchronous, Optional.empty());
    }

    static Assignment primary(SynchronousStandbys synchronous) {
        return new Assignment(PostgresRole.PRIMARY, Optional.empty(), Optional.empty(), Optional.of(synchronous));
    }

    static Assignment standbyOf(Endpoint upstream) {
        return new Assignment(PostgresRole.STANDBY, Optional.of(upstream), Optional.empty(), Optional.empty());
    }

    static Assignment detached(Epoch epoch) {
        return new Assignment(PostgresRole.STANDBY, Optional.empty(), Optional.of(epoch), Optional.empty());
    }

    public boolean servesAsPrimary() {
        return role == PostgresRole.PRIMARY;
    }
}
