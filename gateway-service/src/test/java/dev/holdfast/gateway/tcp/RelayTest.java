package dev.holdfast.gateway.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RelayTest {

    private static final int MEBIBYTE = 1 << 20;
    private static final int LARGE = 32 * MEBIBYTE;

    /** What the kernel's buffers of two connections may hold, and more. */
    private static final long MOST_IN_FLIGHT = 64L * MEBIBYTE;

    private static final long FLOOD = 256L * MEBIBYTE;

    private final TcpNode node = new TcpNode("n1");
    private final int port = PlaneForTests.freePort();
    private final PlaneForTests gateway = new PlaneForTests();

    @BeforeEach
    void open() {
        gateway.follow(PlaneForTests.cluster(port, node).primary(1, "n1"));
    }

    @AfterEach
    void stop() {
        gateway.close();
        node.close();
    }

    private TcpClient connect() {
        TcpClient client = new TcpClient(port);
        assertThat(client.line()).isEqualTo("n1");
        return client;
    }

    private static byte[] data(int seed) {
        byte[] data = new byte[LARGE];
        new Random(seed).nextBytes(data);
        return data;
    }

    @Test
    void passesEverythingOnBothWaysAndTheEndAfterIt() {
        byte[] data = data(1);
        try (TcpClient client = connect()) {
            CompletableFuture<Void> sending =
                    CompletableFuture.runAsync(() -> client.send(data).endOutput());
            assertThat(Arrays.equals(client.read(LARGE), data)).isTrue();
            assertThat(client.drain()).isZero();
            sending.join();
        }
        await().until(() -> gateway.meter("closed", "cause", "ended") == 1);
    }

    @Test
    void letsTheNodeAnswerAfterTheClientHasEnded() {
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        node.behave(connection -> {
            node.take(connection);
            goOn.join();
            node.send(connection, LARGE);
        });
        try (TcpClient client = connect().send(data(2)).endOutput()) {
            await().until(() -> node.received() == LARGE);
            goOn.complete(null);
            assertThat(client.drain()).isEqualTo(LARGE);
        }
        await().until(() -> gateway.open() == 0);
    }

    @Test
    void letsTheClientGoOnAfterTheNodeHasEnded() {
        node.behave(connection -> {
            node.send(connection, LARGE);
            connection.shutdownOutput();
            node.take(connection);
        });
        try (TcpClient client = connect()) {
            assertThat(client.drain()).isEqualTo(LARGE);
            client.send(data(3)).endOutput();
            await().until(() -> node.received() == LARGE);
        }
        await().until(() -> gateway.open() == 0);
        await().until(() -> node.open() == 0);
    }

    @Test
    void takesWhatAClientSentAndEndedBeforeItWasConnected() {
        for (int i = 0; i < 50; i++) {
            try (TcpClient client = new TcpClient(port).send("all at once\n").endOutput()) {
                assertThat(client.line()).isEqualTo("n1");
                assertThat(client.line()).isEqualTo("all at once");
                assertThat(client.drain()).isZero();
            }
        }
    }

    @Test
    void holdsAFastNodeBackForASlowClient() {
        node.behave(connection -> node.send(connection, FLOOD));
        try (TcpClient client = connect()) {
            awaitStandstill(node::sent);
            assertThat(node.sent()).isLessThan(MOST_IN_FLIGHT);
            assertThat(client.drain()).isEqualTo(FLOOD);
        }
    }

    @Test
    void holdsAFastClientBackForASlowNode() {
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        node.behave(connection -> {
            goOn.join();
            node.take(connection);
        });
        AtomicLong sent = new AtomicLong();
        try (TcpClient client = connect()) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
                byte[] chunk = new byte[MEBIBYTE];
                for (long i = 0; i < FLOOD / MEBIBYTE; i++) {
                    client.send(chunk);
                    sent.addAndGet(MEBIBYTE);
                }
                client.endOutput();
            });
            awaitStandstill(sent::get);
            assertThat(sent.get()).isLessThan(MOST_IN_FLIGHT);
            goOn.complete(null);
            assertThat(client.drain()).isZero();
            sending.join();
        }
        assertThat(node.received()).isEqualTo(FLOOD);
    }

    private static void awaitStandstill(LongSupplier count) {
        AtomicLong last = new AtomicLong(-1);
        await().pollInterval(Duration.ofMillis(300))
                .until(() -> last.getAndSet(count.getAsLong()) == count.getAsLong());
    }

    @Test
    void closesTheNodesSideWhenTheClientResets() {
        connect().reset();
        await().until(() -> node.open() == 0);
        await().until(() -> gateway.meter("closed", "cause", "broken") == 1);
    }

    @Test
    void closesTheClientsSideWhenTheNodeBreaksOff() {
        try (TcpClient client = connect()) {
            node.kill();
            client.expectClosed();
        }
        await().until(() -> gateway.open() == 0);
    }

    @Test
    void keepsCountThroughManyShortConnections() {
        for (int i = 0; i < 300; i++) {
            try (TcpClient client = connect()) {
                client.send("x\n").line();
            }
        }
        await().until(() -> gateway.open() + gateway.held() == 0);
        await().until(() -> node.open() == 0);
    }
}
