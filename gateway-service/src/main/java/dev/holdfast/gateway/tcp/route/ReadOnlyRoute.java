package dev.holdfast.gateway.tcp.route;

import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Leads to standbys, and never to the primary.
 *
 * @param epoch 0 while no primary is known, and nobody known to be a standby
 * @param standbys the healthy ones whose history is that of the primary, ordered by id
 */
public record ReadOnlyRoute(long epoch, List<Standby> standbys) implements TcpRoute {

    /** Nothing is known, so nothing new is let through, and nothing that is open is closed. */
    public static final ReadOnlyRoute UNKNOWN = new ReadOnlyRoute(0, List.of());

    /**
     * A standby that connections may stay on.
     *
     * @param weight its share of new connections relative to its peers; above 0 when it takes new ones
     * @param takesNew whether it is in service and lags no further than declared
     */
    public record Standby(TcpTarget target, int weight, boolean takesNew) {}

    public ReadOnlyRoute {
        standbys = List.copyOf(standbys);
    }

    /** @param withinLag nodes whose agents say that they lag no further than declared */
    public static ReadOnlyRoute of(ClusterState.Members members, FollowedPrimary followed, Set<NodeId> withinLag) {
        return followed.record()
                .map(record -> new ReadOnlyRoute(
                        record.number().epoch(),
                        fit(members, record).stream()
                                .map(node -> new Standby(
                                        TcpTarget.of(node),
                                        node.weight(),
                                        members.takesTraffic(node) && withinLag.contains(node.id())))
                                .toList()))
                .orElse(UNKNOWN);
    }

    /** The standbys that would take new connections if they lag no further than declared, which their agents know. */
    public static List<Node> toBeAsked(ClusterState.Members members, FollowedPrimary followed) {
        return followed.record().stream()
                .flatMap(record -> fit(members, record).stream())
                .filter(node ->
                        members.takesTraffic(node) && node.failover().agent().isPresent())
                .toList();
    }

    private static List<Node> fit(ClusterState.Members members, PrimaryRecord record) {
        return members.nodes().stream()
                .filter(node -> !node.id().equals(record.reign().primary())
                        && !record.doubtful().contains(node.id())
                        && members.healthOf(node.id())
                                .filter(NodeHealth::routable)
                                .isPresent())
                .toList();
    }

    @Override
    public boolean keeps(TcpTarget target) {
        return epoch == 0 || admits(target);
    }

    @Override
    public boolean admits(TcpTarget target) {
        return standbys.stream().anyMatch(standby -> standby.target().equals(target));
    }

    /** The standby with the fewest connections for its weight. */
    @Override
    public Optional<TcpTarget> choose(Set<TcpTarget> tried, ToIntFunction<TcpTarget> open, int turn) {
        Optional<Standby> best = Optional.empty();
        long bestOpen = 0;
        for (int i = 0; i < standbys.size(); i++) {
            Standby standby = standbys.get((int) ((Integer.toUnsignedLong(turn) + i) % standbys.size()));
            if (!standby.takesNew() || tried.contains(standby.target())) {
                continue;
            }
            long withThis = open.applyAsInt(standby.target()) + 1L;
            // withThis / weight < bestOpen / best.weight, without a division.
            if (best.isEmpty() || withThis * best.get().weight() < bestOpen * standby.weight()) {
                best = Optional.of(standby);
                bestOpen = withThis;
            }
        }
        return best.map(Standby::target);
    }

    @Override
    public String explanation() {
        return "their nodes are no healthy standbys of epoch " + epoch + " any more";
    }
}
