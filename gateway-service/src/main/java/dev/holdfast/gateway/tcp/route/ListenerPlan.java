package dev.holdfast.gateway.tcp.route;

import dev.holdfast.model.replication.PostgresSettings;
import dev.holdfast.model.replication.PostgresSettings.Listeners;
import dev.holdfast.model.store.ClusterState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The listeners that a state declares.
 *
 * @param ports the listener of each port to open
 * @param unserved declared listeners that get no port, ordered by cluster
 */
public record ListenerPlan(Map<Integer, ListenerId> ports, List<Unserved> unserved) {

    public ListenerPlan {
        ports = Map.copyOf(ports);
        unserved = List.copyOf(unserved);
    }

    /** A declared listener that is not open, and why. */
    public record Unserved(ListenerId listener, int port, String reason) {}

    /**
     * The plan for {@code state}. Of two listeners that declare the same port, the one of the cluster with the lower id has
     * it, on every gateway.
     *
     * @param own ports that this gateway needs for itself
     */
    public static ListenerPlan of(ClusterState state, Set<Integer> own) {
        Map<Integer, ListenerId> ports = new HashMap<>();
        List<Unserved> unserved = new ArrayList<>();
        new TreeMap<>(state.clusters()).forEach((cluster, members) -> {
            for (ListenerKind kind : ListenerKind.values()) {
                ListenerId id = new ListenerId(cluster, kind);
                kind.portIn(declared(members)).ifPresent(port -> {
                    ListenerId other = ports.get(port);
                    if (own.contains(port)) {
                        unserved.add(new Unserved(id, port, "the port is one of the gateway's own"));
                    } else if (other != null) {
                        unserved.add(new Unserved(id, port, "the port is that of the " + other));
                    } else {
                        ports.put(port, id);
                    }
                });
            }
        });
        return new ListenerPlan(ports, unserved);
    }

    /** What the cluster declares; {@link Listeners#NONE} when its nodes are no PostgreSQL servers. */
    public static Listeners declared(ClusterState.Members members) {
        return members.cluster()
                .settings()
                .postgresql()
                .map(PostgresSettings::listeners)
                .orElse(Listeners.NONE);
    }
}
