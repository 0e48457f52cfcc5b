package dev.holdfast.gateway.tcp;

import static dev.holdfast.gateway.tcp.PlaneForTests.cluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.gateway.tcp.route.PostgresCluster;
import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.NodeId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadWriteListenerTest {

    private final TcpNode one = new TcpNode("n1");
    private final TcpNode two = new TcpNode("n2");
    private final int port = PlaneForTests.freePort();
    private final List<TcpClient> clients = new ArrayList<>();
    private final PlaneForTests gateway = new PlaneForTests();
    private final PostgresCluster cluster = cluster(port, one, two);

    @BeforeEach
    void open() {
        gateway.follow(cluster.primary(1, "n1"));
    }

    @AfterEach
    void stop() {
        clients.forEach(TcpClient::close);
        gateway.close();
        one.close();
        two.close();
    }

    private TcpClient connect() {
        TcpClient client = new TcpClient(port);
        clients.add(client);
        return client;
    }

    /** A client that has spoken with the node. */
    private TcpClient connectedTo(TcpNode node) {
        return expectJoined(connect(), node);
    }

    private static TcpClient expectJoined(TcpClient client, TcpNode node) {
        assertThat(client.line()).isEqualTo(node.name());
        assertThat(client.send("hello\n").line()).isEqualTo("hello");
        return client;
    }

    /** A client that has to wait. */
    private TcpClient held() {
        double before = gateway.held();
        TcpClient client = connect();
        await().until(() -> gateway.held() == before + 1);
        return client;
    }

    private void inPhase(OrderNumber number, FailoverPhase phase, String primary, boolean confirmed) {
        gateway.follow(cluster.primary(PostgresCluster.record(number, primary, phase, confirmed, Set.of())));
    }

    @Test
    void leadsToThePrimary() {
        connectedTo(one);
        connectedTo(one);
        assertThat(gateway.open()).isEqualTo(2);
        assertThat(gateway.held()).isZero();
        assertThat(gateway.meter("wait", "listener", "read-write", "cluster", "orders"))
                .isEqualTo(2);
        assertThat(two.accepted()).isZero();
    }

    @Test
    void holdsAConnectionUntilThereIsAPrimary() {
        gateway.follow(cluster.withoutPrimary());
        TcpClient waiting = held().send("hel");
        gateway.follow(cluster.primary(2, "n2"));
        assertThat(waiting.line()).isEqualTo("n2");
        assertThat(waiting.send("lo\n").line()).isEqualTo("hello");
        assertThat(gateway.held()).isZero();
    }

    @Test
    void holdsConnectionsThroughAFailoverAndLeadsThemToTheNewPrimary() {
        TcpClient established = connectedTo(one);
        inPhase(new OrderNumber(2, 20), FailoverPhase.FENCING, "n1", true);
        TcpClient first = held();
        assertThat(established.send("still here\n").line()).isEqualTo("still here");
        inPhase(new OrderNumber(2, 21), FailoverPhase.PROMOTING, "n2", false);
        established.expectClosed();
        TcpClient second = held();
        assertThat(two.accepted()).isZero();
        inPhase(new OrderNumber(2, 22), FailoverPhase.REPOINTING, "n2", true);
        expectJoined(first, two);
        expectJoined(second, two);
        assertThat(one.accepted()).isEqualTo(1);
    }

    @Test
    void holdsAConnectionWhileThePrimaryRefusesItAndHintsAtThat() {
        one.kill();
        TcpClient waiting = held();
        one.restart();
        expectJoined(waiting, one);
        assertThat(gateway.refusedBy).contains(new NodeId("n1")).doesNotContain(new NodeId("n2"));
    }

    @Test
    void closesAConnectionForWhichThereIsNoPrimaryInTime() {
        gateway.follow(cluster.withoutPrimary().holding(Duration.ofMillis(200)));
        connect().expectClosed();
        gateway.follow(cluster.primary(2, "n1"));
        one.kill();
        connect().expectClosed();
        await().until(() -> gateway.meter("refused", "cause", "hold-timeout") == 2);
        assertThat(gateway.held()).isZero();
    }

    @Test
    void triesOnceWithoutHoldingWhenTheHoldTimeoutIsZero() {
        gateway.follow(cluster.holding(Duration.ZERO));
        connectedTo(one);
        one.kill();
        clients.getFirst().expectClosed();
        connect().expectClosed();
        one.restart();
        connectedTo(one);
    }

    @Test
    void closesAtOnceWhatIsOverTheLimit() {
        gateway.follow(cluster.atMost(2));
        TcpClient first = connectedTo(one);
        gateway.follow(cluster.withoutPrimary());
        held();
        connect().expectClosed();
        assertThat(gateway.meter("refused", "cause", "limit")).isEqualTo(1);
        first.close();
        await().until(() -> gateway.open() == 0);
        held();
    }

    @Test
    void givesThePlaceOfAWaitingClientThatLeavesToAnother() {
        gateway.follow(cluster.withoutPrimary().atMost(1));
        TcpClient silent = held();
        silent.close();
        await().until(() -> gateway.held() == 0);
        // One that has spoken before it left, as clients of PostgreSQL do.
        held().send("startup packet").endOutput();
        await().until(() -> gateway.held() == 0);
        held().reset();
        await().until(() -> gateway.held() == 0);
        assertThat(gateway.meter("refused", "cause", "left")).isEqualTo(3);
    }

    @Test
    void closesEveryConnectionToANodeThatIsNotThePrimaryOfTheNewestEpoch() {
        List<TcpClient> established = List.of(connectedTo(one), connectedTo(one), connectedTo(one));
        gateway.follow(cluster.primary(2, "n2"));
        established.forEach(TcpClient::expectClosed);
        await().until(() -> one.open() == 0);
        assertThat(gateway.meter("closed", "cause", "epoch")).isEqualTo(3);
        assertThat(gateway.open()).isZero();
        connectedTo(two);
    }

    @Test
    void takesBackWhatAFrozenOldPrimaryHasNotReadYet() {
        CompletableFuture<Void> thaw = new CompletableFuture<>();
        CompletableFuture<String> end = new CompletableFuture<>();
        one.behave(connection -> {
            thaw.join();
            try {
                one.take(connection);
                end.complete("as if the client had finished");
            } catch (IOException e) {
                end.complete("broken off");
            }
        });
        TcpClient writer = connect();
        assertThat(writer.line()).isEqualTo("n1");
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> writer.send(new byte[64 << 20]));
        gateway.follow(cluster.primary(2, "n2"));
        assertThat(writing).failsWithin(Duration.ofSeconds(10));
        await().until(() -> gateway.meter("closed", "cause", "epoch") == 1);
        thaw.complete(null);
        assertThat(end.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo("broken off");
        assertThat(one.received()).isLessThan(64 << 20);
    }

    @Test
    void leavesConnectionsAloneWhenTheSameNodeIsPrimaryInANewerEpoch() {
        TcpClient established = connectedTo(one);
        gateway.follow(cluster.primary(2, "n1"));
        assertThat(established.send("again\n").line()).isEqualTo("again");
        assertThat(one.accepted()).isEqualTo(1);
    }

    @Test
    void leavesConnectionsAloneWhenNothingIsKnownAnyMore() {
        TcpClient established = connectedTo(one);
        gateway.follow(cluster.withoutPrimary());
        assertThat(established.send("again\n").line()).isEqualTo("again");
    }

    @Test
    void doesNotGoBackToAnOlderEpoch() {
        gateway.follow(cluster.primary(5, "n2"));
        gateway.follow(cluster.primary(4, "n1"));
        connectedTo(two);
        assertThat(one.accepted()).isZero();
    }

    @Test
    void closesASilentConnectionAfterTheIdleTimeoutAndNoOther() {
        gateway.follow(cluster.idle(Duration.ofSeconds(1)));
        TcpClient silent = connectedTo(one);
        TcpClient busy = connectedTo(one);
        await().pollInterval(Duration.ofMillis(50)).until(() -> {
            busy.send("tick\n").line();
            return gateway.meter("closed", "cause", "idle") == 1;
        });
        silent.expectClosed();
        assertThat(busy.send("still here\n").line()).isEqualTo("still here");
    }

    @Test
    void appliesAnIdleTimeoutToConnectionsThatWereThereBefore() {
        TcpClient silent = connectedTo(one);
        gateway.follow(cluster.idle(Duration.ofMillis(100)));
        silent.expectClosed();
    }

    @Test
    void triesANodeThatDoesNotAnswerNoLongerThanTheConnectTimeout() {
        // An address that is never assigned: packets to it are lost, or refused by the network at once.
        gateway.follow(cluster.node("n1", new Endpoint("192.0.2.1", 5432), Optional.empty()));
        TcpClient waiting = held();
        await().until(() -> !gateway.refusedBy.isEmpty());
        gateway.follow(cluster.node("n1", one.address(), Optional.empty()));
        expectJoined(waiting, one);
    }

    @Test
    void resolvesNames() {
        gateway.follow(
                cluster.node("n1", new Endpoint("localhost", one.address().port()), Optional.empty()));
        connectedTo(one);
    }

    @Test
    void closesAndStopsListeningWhenTheGatewayStops() {
        TcpClient established = connectedTo(one);
        gateway.follow(cluster.primary(
                PostgresCluster.record(new OrderNumber(2, 20), "n1", FailoverPhase.FENCING, true, Set.of())));
        TcpClient waiting = held();
        gateway.plane.stopAccepting();
        assertThat(established.send("still here\n").line()).isEqualTo("still here");
        gateway.close();
        established.expectClosed();
        waiting.expectClosed();
        await().until(() -> one.open() == 0);
    }
}
