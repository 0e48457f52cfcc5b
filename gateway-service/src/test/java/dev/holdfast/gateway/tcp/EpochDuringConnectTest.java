package dev.holdfast.gateway.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.gateway.tcp.route.PostgresCluster;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens between the beginning of a connection to a node and its first byte. */
class EpochDuringConnectTest {

    private final TcpNode one = new TcpNode("n1");
    private final TcpNode two = new TcpNode("n2");
    private final int port = PlaneForTests.freePort();
    private final PostgresCluster cluster = PlaneForTests.cluster(port, one, two);
    private final List<AutoCloseable> started = new ArrayList<>(List.of(one, two));

    @AfterEach
    void stop() {
        PlaneForTests.closeAll(started.reversed());
    }

    private PlaneForTests start(PlaneForTests gateway) {
        started.add(gateway);
        gateway.follow(cluster.primary(1, "n1"));
        return gateway;
    }

    private TcpClient connect() {
        TcpClient client = new TcpClient(port);
        started.add(client);
        return client;
    }

    /** Completes a connection when {@code then} does, and as it would have. */
    private static ChannelFuture after(ChannelFuture real, CompletableFuture<Void> then) {
        ChannelPromise late = real.channel().newPromise();
        var _ = real.addListener((ChannelFutureListener) made -> {
            var _ = then.thenRunAsync(
                    () -> {
                        if (made.isSuccess()) {
                            late.trySuccess();
                        } else {
                            late.tryFailure(made.cause());
                        }
                    },
                    made.channel().eventLoop());
        });
        return late;
    }

    @Test
    void sendsNoByteToAnOlderPrimaryWhoseConnectionComesLate() {
        CompletableFuture<Void> release = new CompletableFuture<>();
        PlaneForTests gateway = start(new PlaneForTests(Set.of(), tcp -> (loop, address, timeout, handler) -> {
            ChannelFuture real = tcp.connect(loop, address, timeout, handler);
            return address.equals(one.address()) ? after(real, release) : real;
        }));
        TcpClient client = connect().send("write\n");
        await().until(() -> one.accepted() == 1);
        gateway.follow(cluster.primary(2, "n2"));
        assertThat(client.line()).isEqualTo("n2");
        assertThat(client.line()).isEqualTo("write");
        release.complete(null);
        await().until(() -> one.open() == 0);
        assertThat(one.received()).isZero();
        assertThat(gateway.open()).isEqualTo(1);
    }

    @Test
    void looksAtTheEpochAgainBeforeTheFirstByte() {
        // The new state is in force, and the connection is made, before the session has been told of the state.
        CompletableFuture<PlaneForTests> started = new CompletableFuture<>();
        PlaneForTests gateway = start(new PlaneForTests(Set.of(), tcp -> (loop, address, timeout, handler) -> {
            ChannelFuture real = tcp.connect(loop, address, timeout, handler);
            ChannelPromise late = real.channel().newPromise();
            var _ = real.addListener(made -> {
                if (address.equals(one.address())) {
                    started.join().follow(cluster.primary(2, "n2"));
                }
                late.trySuccess();
            });
            return late;
        }));
        started.complete(gateway);
        TcpClient client = connect().send("write\n");
        assertThat(client.line()).isEqualTo("n2");
        assertThat(client.line()).isEqualTo("write");
        await().until(() -> one.open() == 0);
        assertThat(one.accepted()).isEqualTo(1);
        assertThat(one.received()).isZero();
    }

    @Test
    void oneTriesOnBehalfOfAllWhileThePrimaryRefuses() {
        AtomicInteger tries = new AtomicInteger();
        PlaneForTests gateway = start(new PlaneForTests(Set.of(), tcp -> (loop, address, timeout, handler) -> {
            tries.incrementAndGet();
            return tcp.connect(loop, address, timeout, handler);
        }));
        one.kill();
        int waiting = 50;
        long began = System.nanoTime();
        List<TcpClient> clients =
                IntStream.range(0, waiting).mapToObj(i -> connect()).toList();
        await().until(() -> gateway.held() == waiting);
        int before = tries.get();
        await().until(() -> tries.get() >= before + 5);
        long tenths = (System.nanoTime() - began) / TcpListener.RETRY.toNanos();
        assertThat(tries.get()).isLessThanOrEqualTo(waiting + (int) tenths + 1);
        one.restart();
        clients.forEach(client -> assertThat(client.line()).isEqualTo("n1"));
    }
}
