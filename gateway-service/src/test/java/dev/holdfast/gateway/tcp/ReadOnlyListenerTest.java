package dev.holdfast.gateway.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.gateway.tcp.route.PostgresCluster;
import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.topology.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadOnlyListenerTest {

    /** An agent that says what it is told to. */
    private static final class Agent implements AutoCloseable {

        private final HttpServer server;
        private final List<String> asked = new CopyOnWriteArrayList<>();
        private volatile int status = 200;

        Agent() {
            try {
                server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            server.createContext("/", exchange -> {
                asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
                exchange.sendResponseHeaders(status, -1);
                exchange.close();
            });
            server.start();
        }

        Endpoint address() {
            return new Endpoint("127.0.0.1", server.getAddress().getPort());
        }

        void says(int newStatus) {
            status = newStatus;
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }

    private final List<TcpNode> nodes = List.of(new TcpNode("n1"), new TcpNode("n2"), new TcpNode("n3"));
    private final List<Agent> agents = List.of(new Agent(), new Agent(), new Agent());
    private final List<TcpClient> clients = new ArrayList<>();
    private final int port = PlaneForTests.freePort();
    private final PlaneForTests gateway = new PlaneForTests();
    private final PostgresCluster cluster = new PostgresCluster("orders").readOnly(port);

    @BeforeEach
    void open() {
        for (int i = 0; i < nodes.size(); i++) {
            TcpNode node = nodes.get(i);
            cluster.node(node.name(), node.address(), Optional.of(agents.get(i).address()));
        }
        gateway.follow(cluster.primary(1, "n1"));
    }

    @AfterEach
    void stop() {
        clients.forEach(TcpClient::close);
        gateway.close();
        agents.forEach(Agent::close);
        nodes.forEach(TcpNode::close);
    }

    private TcpClient connect() {
        TcpClient client = new TcpClient(port);
        clients.add(client);
        return client;
    }

    private String answering(TcpClient client) {
        String name = client.line();
        assertThat(client.send("hello\n").line()).isEqualTo("hello");
        return name;
    }

    /** Waits until both standbys are known not to lag: the agents were asked, and the answers have come. */
    private void awaitBothStandbys() {
        await().until(() -> {
            TcpClient client = connect();
            return client.line().equals("n2");
        });
        await().until(() -> {
            TcpClient client = connect();
            return client.line().equals("n3");
        });
        clients.forEach(TcpClient::close);
        clients.clear();
        await().until(() -> gateway.open() == 0);
    }

    @Test
    void spreadsConnectionsOverTheStandbysThatDoNotLag() {
        awaitBothStandbys();
        List<String> served = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            served.add(answering(connect()));
        }
        assertThat(served).containsOnly("n2", "n3");
        assertThat(served.stream().filter("n2"::equals)).hasSize(3);
        assertThat(agents.get(1).asked).contains("GET /replica?lag=16777216");
        assertThat(agents.get(0).asked).isEmpty();
        assertThat(nodes.get(0).accepted()).isZero();
    }

    @Test
    void holdsAConnectionWhileEveryStandbyLagsAndClosesItInTheEnd() {
        agents.forEach(agent -> agent.says(503));
        gateway.follow(cluster.holding(Duration.ofMinutes(1)));
        await().until(() ->
                agents.get(1).asked.size() > 1 && agents.get(2).asked.size() > 1);
        TcpClient first = connect();
        await().until(() -> gateway.held() == 1);
        agents.get(2).says(200);
        assertThat(answering(first)).isEqualTo("n3");
        agents.get(2).says(503);
        int asked = agents.get(2).asked.size();
        // Two more answers: the first may have been under way already.
        await().until(() -> agents.get(2).asked.size() >= asked + 3);
        gateway.follow(cluster.holding(Duration.ofMillis(100)));
        connect().expectClosed();
        assertThat(first.send("stays\n").line()).isEqualTo("stays");
    }

    @Test
    void sendsNobodyToAStandbyWhoseAgentDoesNotAnswer() {
        agents.get(1).close();
        gateway.follow(cluster.primary(2, "n1"));
        for (int i = 0; i < 4; i++) {
            assertThat(answering(connect())).isEqualTo("n3");
        }
    }

    @Test
    void closesConnectionsToAStandbyThatBecomesPrimaryDoubtfulOrUnhealthy() {
        awaitBothStandbys();
        TcpClient first = connect();
        TcpClient second = connect();
        List<String> names = List.of(answering(first), answering(second));
        TcpClient toTwo = names.getFirst().equals("n2") ? first : second;
        TcpClient toThree = toTwo == first ? second : first;
        gateway.follow(cluster.primary(
                PostgresCluster.record(new OrderNumber(2, 20), "n2", FailoverPhase.PROMOTING, false, Set.of("n1"))));
        toTwo.expectClosed();
        assertThat(toThree.send("stays\n").line()).isEqualTo("stays");
        gateway.follow(cluster.judge("n3", false));
        toThree.expectClosed();
        await().until(() -> gateway.meter("closed", "cause", "unfit") == 2);
    }

    @Test
    void asksAStandbyThatComesBackBeforeItGetsConnections() {
        awaitBothStandbys();
        gateway.follow(cluster.judge("n3", false));
        agents.get(2).says(503);
        int asked = agents.get(1).asked.size();
        // By then, an answer that was under way has come.
        await().until(() -> agents.get(1).asked.size() >= asked + 2);
        gateway.follow(cluster.judge("n3", true));
        for (int i = 0; i < 4; i++) {
            assertThat(answering(connect())).isEqualTo("n2");
        }
    }

    @Test
    void goesToAnotherStandbyWhenOneRefuses() {
        awaitBothStandbys();
        nodes.get(1).kill();
        for (int i = 0; i < 4; i++) {
            assertThat(answering(connect())).isEqualTo("n3");
        }
    }

    @Test
    void asksNoAgentWithoutAReadOnlyListener() {
        awaitBothStandbys();
        gateway.follow(cluster.readWrite(PlaneForTests.freePort()));
        agents.forEach(agent -> agent.asked.clear());
        TcpClient writer = new TcpClient(cluster.listeners().readWrite().orElseThrow());
        clients.add(writer);
        assertThat(answering(writer)).isEqualTo("n1");
        // Longer than from one question to the next.
        await().during(Duration.ofMillis(2500))
                .atMost(Duration.ofSeconds(5))
                .until(() ->
                        agents.stream().mapToInt(agent -> agent.asked.size()).sum() <= 2);
    }
}
