package dev.holdfast.gateway.tcp;

import dev.holdfast.gateway.tcp.route.FollowedPrimary;
import dev.holdfast.gateway.tcp.route.ListenerId;
import dev.holdfast.gateway.tcp.route.ListenerKind;
import dev.holdfast.gateway.tcp.route.ListenerPlan;
import dev.holdfast.gateway.tcp.route.ReadOnlyRoute;
import dev.holdfast.gateway.tcp.route.ReadWriteRoute;
import dev.holdfast.gateway.tcp.route.TcpRoute;
import dev.holdfast.model.replication.PostgresSettings.Listeners;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of one cluster, and what their routes are made from. Used by one thread at a time. */
final class ClusterListeners {

    private static final Logger log = LoggerFactory.getLogger(ClusterListeners.class);

    private final Places places = new Places();
    private final Map<ListenerKind, TcpListener> listeners = new EnumMap<>(ListenerKind.class);
    private final Set<NodeId> withinLag = new HashSet<>();
    private ClusterState.Members members;
    private FollowedPrimary followed = FollowedPrimary.NONE;

    /** Makes a listener. */
    interface Opening {
        TcpListener open(ListenerId id, Places places, TcpRoute route, Listeners limits);
    }

    ClusterListeners(ClusterState.Members members) {
        this.members = members;
    }

    /** Takes over what {@code newer} declares and knows. */
    void update(ClusterState.Members newer, Opening opening) {
        boolean primaryRead = !newer.primary().equals(members.primary());
        members = newer;
        if (primaryRead && followed.isAheadOf(newer.primary())) {
            log.warn(
                    "cluster {}: not following order {}, which is older than {}; the store has gone back",
                    newer.cluster().id(),
                    newer.primary().map(primary -> primary.record().number()),
                    followed.record().map(record -> record.number()));
        }
        followed = followed.next(newer.primary());
        // One that comes back has to be asked anew: what it said before it went is old.
        withinLag.retainAll(ReadOnlyRoute.toBeAsked(members, followed).stream()
                .map(Node::id)
                .toList());
        Listeners declared = ListenerPlan.declared(newer);
        for (ListenerKind kind : ListenerKind.values()) {
            TcpListener open = listeners.get(kind);
            if (kind.portIn(declared).isEmpty()) {
                withdraw(kind, open);
            } else if (open == null) {
                ListenerId id = new ListenerId(newer.cluster().id(), kind);
                listeners.put(kind, opening.open(id, places, route(kind), declared));
            } else {
                open.update(route(kind), declared);
            }
        }
    }

    private void withdraw(ListenerKind kind, @Nullable TcpListener open) {
        if (open != null) {
            open.withdraw();
            listeners.remove(kind);
        }
    }

    void withdraw() {
        listeners.values().forEach(TcpListener::withdraw);
        listeners.clear();
    }

    Optional<TcpListener> listener(ListenerKind kind) {
        return Optional.ofNullable(listeners.get(kind));
    }

    private TcpRoute route(ListenerKind kind) {
        return switch (kind) {
            case READ_WRITE -> ReadWriteRoute.of(members, followed);
            case READ_ONLY -> ReadOnlyRoute.of(members, followed, withinLag);
        };
    }

    /** Asks the agents of the standbys, while there is a listener for them. */
    void ask(LagProbe probe, Function<Question, Consumer<Boolean>> answers) {
        if (!listeners.containsKey(ListenerKind.READ_ONLY)) {
            withinLag.clear();
            return;
        }
        long maximumLag = ListenerPlan.declared(members).maximumLag();
        for (Node node : ReadOnlyRoute.toBeAsked(members, followed)) {
            node.failover().agent().ifPresent(agent -> {
                Question question = new Question(node.id(), agent, maximumLag);
                probe.ask(agent, maximumLag, answers.apply(question));
            });
        }
    }

    /** What an agent was asked. */
    record Question(NodeId node, Endpoint agent, long maximumLag) {}

    /** Takes note of an answer, unless something else would be asked now. */
    void answered(Question question, boolean within) {
        TcpListener listener = listeners.get(ListenerKind.READ_ONLY);
        boolean stillAsked =
                question.maximumLag() == ListenerPlan.declared(members).maximumLag()
                        && ReadOnlyRoute.toBeAsked(members, followed).stream()
                                .anyMatch(node -> node.id().equals(question.node())
                                        && node.failover().agent().equals(Optional.of(question.agent())));
        if (listener == null || !stillAsked) {
            return;
        }
        boolean changed = within ? withinLag.add(question.node()) : withinLag.remove(question.node());
        if (changed) {
            listener.update(route(ListenerKind.READ_ONLY), listener.limits());
        }
    }
}
