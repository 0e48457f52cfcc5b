package dev.holdfast.gateway.tcp.route;

import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Leads to the primary of the newest epoch.
 *
 * @param epoch 0 while no primary is known
 * @param primary who alone may be primary in this epoch; empty when it is unknown or not one of the nodes
 * @param confirmed whether it has been seen as primary, and no other one is being made
 */
public record ReadWriteRoute(long epoch, Optional<TcpTarget> primary, boolean confirmed) implements TcpRoute {

    /** Nothing is known, so nothing new is let through, and nothing that is open is closed. */
    public static final ReadWriteRoute UNKNOWN = new ReadWriteRoute(0, Optional.empty(), false);

    public static ReadWriteRoute of(ClusterState.Members members, FollowedPrimary followed) {
        return followed.record().map(record -> of(members, record)).orElse(UNKNOWN);
    }

    private static ReadWriteRoute of(ClusterState.Members members, PrimaryRecord record) {
        NodeId primary = record.reign().primary();
        Optional<TcpTarget> target = members.nodes().stream()
                .filter((Node node) -> node.id().equals(primary))
                .map(TcpTarget::of)
                .findFirst();
        return new ReadWriteRoute(
                record.number().epoch(), target, record.reign().confirmed() && !isBeingReplaced(record.phase()));
    }

    private static boolean isBeingReplaced(FailoverPhase phase) {
        return switch (phase) {
            case FENCING, PROMOTING -> true;
            case STEADY, SUSPECTED, REPOINTING, VERIFYING, RECOVERING, BLOCKED -> false;
        };
    }

    /** While the old primary is being fenced it is still the only one, and sessions on it may end as its agent ends them. */
    @Override
    public boolean keeps(TcpTarget target) {
        return epoch == 0 || primary.filter(target::equals).isPresent();
    }

    @Override
    public boolean admits(TcpTarget target) {
        return confirmed && primary.filter(target::equals).isPresent();
    }

    @Override
    public Optional<TcpTarget> choose(Set<TcpTarget> tried, ToIntFunction<TcpTarget> open, int turn) {
        return confirmed ? primary.filter(target -> !tried.contains(target)) : Optional.empty();
    }

    @Override
    public String explanation() {
        return "the primary of epoch " + epoch + " is "
                + primary.map(target -> target.node().value()).orElse("none of the nodes");
    }
}
