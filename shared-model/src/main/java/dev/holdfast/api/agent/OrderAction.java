package dev.holdfast.api.agent;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import jakarta.validation.constraints.NotNull;

/** What an agent is ordered to do. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = OrderAction.Create.class, name = "CREATE"),
    @JsonSubTypes.Type(value = OrderAction.Detach.class, name = "DETACH"),
    @JsonSubTypes.Type(value = OrderAction.Promote.class, name = "PROMOTE"),
    @JsonSubTypes.Type(value = OrderAction.Follow.class, name = "FOLLOW"),
    @JsonSubTypes.Type(value = OrderAction.Fence.class, name = "FENCE"),
    @JsonSubTypes.Type(value = OrderAction.Resume.class, name = "RESUME"),
    @JsonSubTypes.Type(value = OrderAction.Synchronise.class, name = "SYNCHRONISE"),
    @JsonSubTypes.Type(value = OrderAction.Reinitialise.class, name = "REINITIALISE"),
    @JsonSubTypes.Type(value = OrderAction.Verify.class, name = "VERIFY")
})
public sealed interface OrderAction {

    /** Make a new, empty database system in an empty data directory, and run it as the primary. */
    record Create() implements OrderAction {}

    /**
     * As a standby, receive nothing more, and say up to where the log was received. From the answer on the upstream gets no
     * acknowledgement from here. Stays so until a {@link Follow} of this epoch or a later one.
     */
    record Detach() implements OrderAction {}

    /** As a standby detached in this epoch, become the primary; commits wait for {@code synchronous} from the first on. */
    record Promote(@NotNull Synchronous synchronous) implements OrderAction {}

    /** Be a standby of that upstream. A former primary is stopped first; what has diverged is rewound, else cloned. */
    record Follow(@NotNull NodeId upstream, @NotNull Endpoint address) implements OrderAction {}

    /** Stop PostgreSQL, end every session, and stay stopped. */
    record Fence(@NotNull FenceMode mode) implements OrderAction {}

    /** Start PostgreSQL in the role it had; a primary admits clients when its synchronous standbys have all it has. */
    record Resume() implements OrderAction {}

    /** As the primary, let commits wait for these standbys from now on. */
    record Synchronise(@NotNull Synchronous synchronous) implements OrderAction {}

    /** Clone anew from that upstream and be its standby, whatever is in the data directory, which is kept. */
    record Reinitialise(@NotNull NodeId upstream, @NotNull Endpoint address) implements OrderAction {}

    /** As the primary, write a row with the number of the order, waiting for the synchronous standbys, and read it back. */
    record Verify() implements OrderAction {}

    /** How PostgreSQL is stopped. */
    enum FenceMode {
        /** Sessions end, and a last checkpoint is written; if that takes too long, as {@link #IMMEDIATE}. */
        FAST,
        /** At once, as in a crash; the next start recovers. */
        IMMEDIATE
    }
}
