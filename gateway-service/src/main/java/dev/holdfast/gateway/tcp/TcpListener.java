package dev.holdfast.gateway.tcp;

import dev.holdfast.gateway.tcp.route.ListenerId;
import dev.holdfast.gateway.tcp.route.TcpRoute;
import dev.holdfast.gateway.tcp.route.TcpTarget;
import dev.holdfast.model.replication.PostgresSettings.Listeners;
import dev.holdfast.model.topology.NodeId;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener of a cluster: its route, and the sessions that came in by its port, wherever that is. Safe for use by many
 * threads.
 *
 * <p>While the nodes refuse connections, one session tries again on behalf of all that are held: a thousand that try by
 * themselves would keep a primary that starts, and the gateway, busy with nothing else.
 */
final class TcpListener {

    private static final Logger log = LoggerFactory.getLogger(TcpListener.class);

    /** From a refusal to the next try: short beside any failover, and ten tries a second harm nobody. */
    static final Duration RETRY = Duration.ofMillis(100);

    /**
     * What the listener works with.
     *
     * @param refusedBy told of each node that could not be connected to
     * @param clock monotonic, in nanoseconds
     */
    record Surroundings(NodeConnector connector, Consumer<NodeId> refusedBy, LongSupplier clock) {}

    private final ListenerId id;
    private final Places places;
    private final Surroundings surroundings;
    private final ListenerMeters meters;
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final Map<TcpTarget, Integer> leading = new ConcurrentHashMap<>();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicBoolean refused = new AtomicBoolean();
    private volatile TcpRoute route;
    private volatile Listeners limits;
    private volatile boolean withdrawn;

    /** @param places shared by the listeners of the cluster */
    TcpListener(
            ListenerId id,
            Places places,
            Surroundings surroundings,
            ListenerMeters meters,
            TcpRoute route,
            Listeners limits) {
        this.id = id;
        this.places = places;
        this.surroundings = surroundings;
        this.meters = meters;
        this.route = route;
        this.limits = limits;
    }

    ListenerId id() {
        return id;
    }

    /** Puts a newer route and newer limits in force for new and established connections. */
    void update(TcpRoute newer, Listeners newerLimits) {
        boolean routeChanged = !newer.equals(route);
        if (!routeChanged && newerLimits.equals(limits)) {
            return;
        }
        limits = newerLimits;
        route = newer;
        if (routeChanged) {
            logSuperseded(newer);
            refused.set(false);
        }
        // In this order: a session that has read the older route is among those that are told.
        sessions.forEach(Session::wake);
    }

    private void logSuperseded(TcpRoute newer) {
        long superseded = sessions.stream()
                .map(Session::joinedTo)
                .flatMap(Optional::stream)
                .filter(target -> !newer.keeps(target))
                .count();
        if (superseded > 0) {
            log.info("the {} closes {} connections: {}", id, superseded, newer.explanation());
        }
    }

    /** Closes every session, and each one that still comes. */
    void withdraw() {
        withdrawn = true;
        sessions.forEach(Session::wake);
        meters.forget();
    }

    /** Why a session ends whose node the route doesn't keep. */
    CloseCause supersededCause() {
        return switch (id.kind()) {
            case READ_WRITE -> CloseCause.EPOCH;
            case READ_ONLY -> CloseCause.UNFIT;
        };
    }

    // What sessions ask and say, each on its own thread.

    /** Counts the session in; false when the cluster has as many connections as it may have. */
    boolean enter(Session session) {
        if (!places.take(limits.maxConnections())) {
            meters.refusedAtOnce(RefuseCause.LIMIT);
            return false;
        }
        meters.holds();
        sessions.add(session);
        return true;
    }

    void refused(Session session, RefuseCause cause) {
        leave(session);
        meters.refused(cause);
    }

    void joined(long waitedNanos) {
        meters.joined(waitedNanos);
        if (refused.compareAndSet(true, false)) {
            wakeHeld();
        }
    }

    void closed(Session session, CloseCause cause) {
        leave(session);
        meters.closed(cause);
    }

    private void leave(Session session) {
        sessions.remove(session);
        places.leave();
    }

    boolean isWithdrawn() {
        return withdrawn;
    }

    TcpRoute route() {
        return route;
    }

    Listeners limits() {
        return limits;
    }

    NodeConnector connector() {
        return surroundings.connector();
    }

    long now() {
        return surroundings.clock().getAsLong();
    }

    Optional<TcpTarget> choose(Set<TcpTarget> tried) {
        return route.choose(tried, target -> leading.getOrDefault(target, 0), turn.getAndIncrement());
    }

    /** A connection to the target is under way or established, until {@link #leftFrom}. */
    void leadsTo(TcpTarget target) {
        leading.merge(target, 1, Integer::sum);
    }

    void leftFrom(TcpTarget target) {
        leading.computeIfPresent(target, (same, count) -> count == 1 ? null : count - 1);
    }

    void connectFailed(TcpTarget target, Throwable failure) {
        log.debug("the {} can't connect to {}", id, target, failure);
        surroundings.refusedBy().accept(target.node());
    }

    // While the nodes refuse connections.

    boolean isRefused() {
        return refused.get();
    }

    /** Every node there is has refused a session, which now waits with all others for one that tries again. */
    void refused(EventLoop loop) {
        if (refused.compareAndSet(false, true)) {
            tryAgainLater(loop);
        }
    }

    private void tryAgainLater(EventLoop loop) {
        var _ = loop.schedule(() -> tryAgain(loop), RETRY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void tryAgain(EventLoop loop) {
        if (!refused.get()) {
            return;
        }
        boolean underWay = sessions.stream().anyMatch(Session::isConnecting);
        if (!underWay) {
            Optional<Session> held = sessions.stream().filter(Session::isHeld).findAny();
            held.ifPresent(Session::scout);
            if (held.isEmpty()) {
                refused.set(false);
                // One may have begun to wait since.
                wakeHeld();
                return;
            }
        }
        tryAgainLater(loop);
    }

    private void wakeHeld() {
        sessions.stream().filter(Session::isHeld).forEach(Session::wake);
    }
}
