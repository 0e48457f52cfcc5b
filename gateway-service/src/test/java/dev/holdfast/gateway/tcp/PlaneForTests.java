package dev.holdfast.gateway.tcp;

import dev.holdfast.gateway.tcp.route.PostgresCluster;
import dev.holdfast.model.topology.NodeId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** The listeners alone, on loopback, without a store: tests put states in force themselves. */
final class PlaneForTests implements AutoCloseable {

    static {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    }

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final List<NodeId> refusedBy = new CopyOnWriteArrayList<>();
    final TcpPlane plane;

    PlaneForTests() {
        this(Set.of(), UnaryOperator.identity());
    }

    PlaneForTests(Set<Integer> ownPorts, UnaryOperator<NodeConnector> connecting) {
        plane = new TcpPlane(
                new TcpSettings("127.0.0.1"),
                ownPorts,
                new TcpPlane.Surroundings(meters, refusedBy::add, System::nanoTime),
                connecting);
    }

    /** A cluster that listens for writers, with these nodes, and no primary yet. */
    static PostgresCluster cluster(int port, TcpNode... nodes) {
        PostgresCluster cluster = new PostgresCluster("orders").readWrite(port);
        for (TcpNode node : nodes) {
            cluster.node(node.name(), node.address(), Optional.empty());
        }
        return cluster;
    }

    void follow(PostgresCluster... clusters) {
        plane.accept(PostgresCluster.state(clusters));
    }

    /** The sum of the meters of this name with these pairs of tags. */
    double meter(String name, String... tags) {
        return meters.find("holdfast.gateway.tcp." + name).tags(tags).meters().stream()
                .mapToDouble(meter -> meter.measure().iterator().next().getValue())
                .sum();
    }

    double open() {
        return meter("open");
    }

    double held() {
        return meter("held");
    }

    /** A port that was free a moment ago. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void closeAll(Collection<? extends AutoCloseable> all) {
        for (AutoCloseable one : all) {
            try {
                one.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        plane.close();
    }
}
