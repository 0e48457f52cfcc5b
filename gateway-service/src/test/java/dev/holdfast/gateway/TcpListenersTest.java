package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.gateway.tcp.TcpClient;
import dev.holdfast.gateway.tcp.TcpNode;
import dev.holdfast.gateway.tcp.route.PostgresCluster;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/** The listeners in a whole gateway that follows a store. */
class TcpListenersTest {

    @TempDir
    private Path folder;

    private final TcpNode one = new TcpNode("n1");
    private final TcpNode two = new TcpNode("n2");
    private final InMemoryClusterStateStore store = TestGateway.newStore();
    private final PostgresCluster cluster = new PostgresCluster("orders");

    @AfterEach
    void stop() {
        one.close();
        two.close();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private TestGateway start() {
        return TestGateway.start(store, folder, "--holdfast.gateway.tcp.address=127.0.0.1");
    }

    /** Declares the cluster as it is now, with the two nodes. */
    private void declare() {
        store.change(change -> {
            change.record(JournalEntry.of(EventType.CLUSTER_DECLARED, "test", "declared")
                    .about(cluster.id()));
            change.put(new Cluster(cluster.id(), cluster.settings(), Revision.NONE));
            cluster.nodes().forEach(change::put);
            cluster.health().forEach(change::put);
            return true;
        });
    }

    private void makePrimary(long epoch, TcpNode node) {
        cluster.primary(epoch, node.name());
        store.change(change -> {
            change.record(JournalEntry.of(EventType.CLUSTER_DECLARED, "test", "promoted")
                    .about(cluster.id()));
            Revision held =
                    change.primary(cluster.id()).map(ClusterPrimary::version).orElse(Revision.NONE);
            return change.put(cluster.primary().orElseThrow().withVersion(held));
        });
    }

    private static TcpClient connectedTo(TcpNode node, int port) {
        TcpClient client = new TcpClient(port);
        assertThat(client.line()).isEqualTo(node.name());
        return client;
    }

    private static Health health(TestGateway gateway) {
        return Optional.ofNullable(gateway.process()
                        .shared()
                        .getBean("tcpListeners", HealthIndicator.class)
                        .health())
                .orElseThrow();
    }

    @Test
    void followsTheStoreThroughAFailoverAndGoesOnWithoutIt() throws IOException {
        int port = freePort();
        for (TcpNode node : List.of(one, two)) {
            cluster.node(node.name(), node.address(), Optional.empty());
        }
        cluster.readWrite(port);
        declare();
        makePrimary(1, one);
        try (TestGateway gateway = start();
                TcpClient before = connectedTo(one, port)) {
            assertThat(gateway.get("/").statusCode()).isEqualTo(404);
            makePrimary(2, two);
            before.expectClosed();
            try (TcpClient after = connectedTo(two, port)) {
                store.goAway();
                await().until(() -> !gateway.followsStore());
                assertThat(after.send("still here\n").line()).isEqualTo("still here");
                connectedTo(two, port).close();
            }
            assertThat(health(gateway).getStatus()).isEqualTo(Status.UP);
        }
        // From the snapshot alone.
        assertThat(Files.exists(folder.resolve("snapshot.json"))).isTrue();
        try (TestGateway again = start()) {
            connectedTo(two, port).close();
            assertThat(again.followsStore()).isFalse();
        }
    }

    @Test
    void saysThatAPortIsTakenAndServesEverythingElse() throws IOException {
        cluster.node(one.name(), one.address(), Optional.empty());
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int free = freePort();
            cluster.listening(PostgresCluster.listeners(Optional.of(free), Optional.of(other.getLocalPort())));
            declare();
            makePrimary(1, one);
            try (TestGateway gateway = start()) {
                await().until(() -> health(gateway).getStatus().equals(Status.OUT_OF_SERVICE));
                assertThat(health(gateway).getDetails().toString())
                        .contains("read-only listener of cluster orders, port " + other.getLocalPort());
                connectedTo(one, free).close();
                assertThat(gateway.get("/").statusCode()).isEqualTo(404);
            }
        }
    }
}
