package dev.holdfast.gateway.tcp;

import dev.holdfast.gateway.tcp.route.ListenerId;
import dev.holdfast.gateway.tcp.route.ListenerPlan;
import dev.holdfast.gateway.tcp.route.ListenerPlan.Unserved;
import dev.holdfast.gateway.tcp.route.TcpRoute;
import dev.holdfast.model.replication.PostgresSettings.Listeners;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.transport.NameResolverProvider;

/**
 * The TCP listeners of all clusters, after the newest cluster state. Needs nothing but the state last given and the nodes:
 * without the store and the control services it goes on as it is. Safe for use by many threads.
 */
public final class TcpPlane implements Consumer<ClusterState>, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TcpPlane.class);

    /** From one question to an agent to the next; what a standby that falls behind costs readers. */
    private static final Duration LAG_INTERVAL = Duration.ofSeconds(1);

    /** Of a name that doesn't resolve. */
    private static final Duration NAME_TIMEOUT = Duration.ofSeconds(1);

    /** Connections that wait to be accepted, as many as the kernel lets wait. */
    private static final int BACKLOG = 4096;

    /** Closing a connection takes no time; this bounds a thread that hangs. */
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    /** One agent is asked once at a time. */
    private static final int CONNECTIONS_TO_AN_AGENT = 2;

    private final Set<Integer> ownPorts;
    private final Surroundings surroundings;
    private final TcpListener.Surroundings listenerSurroundings;
    private final RelayThreads threads = RelayThreads.start();
    /** For names and agents. */
    private final LoopResources loops = LoopResources.create("tcp-agents", 1, true);

    private final ConnectionProvider agents;
    private final LagProbe lagProbe;
    private final Ports ports;
    private final Map<ClusterId, ClusterListeners> clusters = new HashMap<>();
    private List<Unserved> unplanned = List.of();
    private boolean stopped;

    /**
     * What the plane works with.
     *
     * @param refusedBy told of each node that could not be connected to
     * @param clock monotonic, in nanoseconds
     */
    public record Surroundings(MeterRegistry meters, Consumer<NodeId> refusedBy, LongSupplier clock) {}

    /** @param ownPorts which no listener gets, because the gateway needs them for itself */
    public TcpPlane(TcpSettings settings, Set<Integer> ownPorts, Surroundings surroundings) {
        this(settings, ownPorts, surroundings, UnaryOperator.identity());
    }

    /** @param connecting gets what connects over TCP, and gives what is to be used */
    TcpPlane(
            TcpSettings settings,
            Set<Integer> ownPorts,
            Surroundings surroundings,
            UnaryOperator<NodeConnector> connecting) {
        this.ownPorts = Set.copyOf(ownPorts);
        this.surroundings = surroundings;
        this.listenerSurroundings = new TcpListener.Surroundings(
                connecting.apply(connector()), surroundings.refusedBy(), surroundings.clock());
        this.agents = ConnectionProvider.builder("agents")
                .maxConnections(CONNECTIONS_TO_AN_AGENT)
                .pendingAcquireTimeout(HttpLagProbe.TIMEOUT)
                .maxIdleTime(Duration.ofSeconds(4))
                .build();
        this.lagProbe = new HttpLagProbe(HttpClient.create(agents).runOn(loops));
        this.ports = new Ports(
                serverBootstrap(),
                port -> settings.address().isEmpty()
                        ? new InetSocketAddress(port)
                        : new InetSocketAddress(settings.address(), port));
        Gauge.builder("holdfast.gateway.tcp.unserved", () -> unserved().size())
                .description("Declared listeners that are not open")
                .register(surroundings.meters());
        var _ = threads.group()
                .scheduleAtFixedRate(
                        this::askForLag, LAG_INTERVAL.toMillis(), LAG_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private NodeConnector connector() {
        return new NettyConnector(
                threads.client(),
                NameResolverProvider.builder()
                        .queryTimeout(NAME_TIMEOUT)
                        .build()
                        .newNameResolverGroup(loops, LoopResources.DEFAULT_NATIVE));
    }

    private ServerBootstrap serverBootstrap() {
        return new ServerBootstrap()
                .group(threads.group())
                .channel(threads.server())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Leg.UNWRITTEN)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, Leg.READS);
    }

    /** Puts a newer state in force. Returns at once: ports are opened and connections closed by other threads. */
    @Override
    public synchronized void accept(ClusterState state) {
        if (stopped) {
            return;
        }
        ListenerPlan plan = ListenerPlan.of(state, ownPorts);
        logUnplanned(plan.unserved());
        clusters.entrySet().removeIf(known -> {
            boolean gone = !state.clusters().containsKey(known.getKey());
            if (gone) {
                known.getValue().withdraw();
            }
            return gone;
        });
        state.clusters().forEach((id, members) -> {
            // One without listeners now may have had some: its connections end, but its epoch is not forgotten.
            if (clusters.containsKey(id) || !ListenerPlan.declared(members).equals(Listeners.NONE)) {
                clusters.computeIfAbsent(id, same -> new ClusterListeners(members))
                        .update(members, this::listener);
            }
        });
        Map<Integer, TcpListener> wanted = new HashMap<>();
        plan.ports().forEach((port, id) -> listener(id).ifPresent(listener -> wanted.put(port, listener)));
        ports.serve(wanted);
        askForLag();
    }

    private TcpListener listener(ListenerId id, Places places, TcpRoute route, Listeners limits) {
        return new TcpListener(
                id, places, listenerSurroundings, new ListenerMeters(id, surroundings.meters()), route, limits);
    }

    private Optional<TcpListener> listener(ListenerId id) {
        return Optional.ofNullable(clusters.get(id.cluster())).flatMap(cluster -> cluster.listener(id.kind()));
    }

    private void logUnplanned(List<Unserved> now) {
        now.stream()
                .filter(one -> !unplanned.contains(one))
                .forEach(one ->
                        log.error("the {} can't be opened at port {}: {}", one.listener(), one.port(), one.reason()));
        unplanned = now;
    }

    private synchronized void askForLag() {
        if (!stopped) {
            clusters.forEach(
                    (id, cluster) -> cluster.ask(lagProbe, question -> within -> answered(id, question, within)));
        }
    }

    private synchronized void answered(ClusterId id, ClusterListeners.Question question, boolean within) {
        ClusterListeners cluster = clusters.get(id);
        if (cluster != null && !stopped) {
            cluster.answered(question, within);
        }
    }

    /** The declared listeners that are not open, and why. */
    public List<Unserved> unserved() {
        List<Unserved> result = new ArrayList<>(ports.unopened());
        synchronized (this) {
            result.addAll(unplanned);
        }
        return result;
    }

    /** Closes the ports, for good; the connections that there are go on. */
    public synchronized void stopAccepting() {
        stopped = true;
        ports.serve(Map.of());
    }

    /** Stops accepting, and closes every connection. */
    @Override
    public void close() {
        stopAccepting();
        synchronized (this) {
            clusters.values().forEach(ClusterListeners::withdraw);
            clusters.clear();
        }
        agents.dispose();
        threads.group()
                .shutdownGracefully(0, CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_PATIENCE.multipliedBy(2).toMillis());
        loops.disposeLater(Duration.ZERO, CLOSE_PATIENCE).block(CLOSE_PATIENCE.multipliedBy(2));
    }
}
