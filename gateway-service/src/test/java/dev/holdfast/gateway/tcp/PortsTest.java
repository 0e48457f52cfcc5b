package dev.holdfast.gateway.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.gateway.tcp.route.PostgresCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PortsTest {

    private final TcpNode one = new TcpNode("n1");
    private final TcpNode two = new TcpNode("n2");
    private final int port = PlaneForTests.freePort();
    private final PostgresCluster orders = PlaneForTests.cluster(port, one).primary(1, "n1");
    private final List<AutoCloseable> started = new ArrayList<>(List.of(one, two));
    private final PlaneForTests gateway = new PlaneForTests();

    @AfterEach
    void stop() {
        gateway.close();
        PlaneForTests.closeAll(started.reversed());
    }

    private TcpClient connectedTo(TcpNode node, int through) {
        TcpClient client = new TcpClient(through);
        started.add(client);
        assertThat(client.line()).isEqualTo(node.name());
        return client;
    }

    private static void awaitClosed(int port) {
        await().untilAsserted(() -> assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                .isInstanceOf(IOException.class));
    }

    @Test
    void opensClosesAndMovesPortsAsTheStateSays() {
        gateway.follow(new PostgresCluster("orders"));
        gateway.follow(orders);
        TcpClient established = connectedTo(one, port);
        int moved = PlaneForTests.freePort();
        gateway.follow(orders.readWrite(moved));
        TcpClient later = connectedTo(one, moved);
        awaitClosed(port);
        assertThat(established.send("still here\n").line()).isEqualTo("still here");
        gateway.follow(orders.listening(PostgresCluster.listeners(Optional.empty(), Optional.empty())));
        awaitClosed(moved);
        established.expectClosed();
        later.expectClosed();
        assertThat(gateway.meters.find("holdfast.gateway.tcp.open").meters()).isEmpty();
    }

    @Test
    void closesThePortsAndConnectionsOfAClusterThatIsGone() {
        gateway.follow(orders);
        TcpClient established = connectedTo(one, port);
        gateway.follow();
        established.expectClosed();
        awaitClosed(port);
        gateway.follow(orders.primary(1, "n1"));
        connectedTo(one, port);
    }

    @Test
    void passesAPortFromOneClusterToAnother() {
        gateway.follow(orders);
        connectedTo(one, port);
        PostgresCluster stock = new PostgresCluster("stock")
                .readWrite(port)
                .node("n2", two.address(), Optional.empty())
                .primary(1, "n2");
        gateway.follow(orders.readWrite(PlaneForTests.freePort()), stock);
        connectedTo(two, port);
    }

    @Test
    void reportsAPortThatIsTakenAndOpensItWhenItIsFree() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            gateway.follow(orders.readWrite(other.getLocalPort()));
            await().until(() -> !gateway.plane.unserved().isEmpty());
            assertThat(gateway.plane.unserved()).singleElement().satisfies(unserved -> {
                assertThat(unserved.port()).isEqualTo(other.getLocalPort());
                assertThat(unserved.listener()).hasToString("read-write listener of cluster orders");
            });
            assertThat(gateway.meter("unserved")).isEqualTo(1);
        }
        connectedTo(one, orders.listeners().readWrite().orElseThrow());
        assertThat(gateway.plane.unserved()).isEmpty();
    }

    @Test
    void givesUpAPortThatIsTakenWhenItIsNotWantedAnyMore() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            gateway.follow(orders.readWrite(other.getLocalPort()));
            await().until(() -> !gateway.plane.unserved().isEmpty());
            gateway.follow(orders.readWrite(port));
            connectedTo(one, port);
            assertThat(gateway.plane.unserved()).isEmpty();
        }
    }

    @Test
    void neverTakesThePortsOfTheGatewayItself() {
        int own = PlaneForTests.freePort();
        try (PlaneForTests other = new PlaneForTests(Set.of(own), UnaryOperator.identity())) {
            other.follow(orders.readWrite(own));
            assertThat(other.plane.unserved())
                    .singleElement()
                    .satisfies(unserved -> assertThat(unserved.reason()).contains("the gateway's own"));
            awaitClosed(own);
        }
    }
}
