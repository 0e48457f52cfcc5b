package dev.holdfast.gateway.tcp;

import dev.holdfast.gateway.tcp.route.ListenerPlan.Unserved;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server sockets. One that can't be opened is reported, and tried again until it is open or not wanted any more. Safe
 * for use by many threads.
 */
final class Ports {

    private static final Logger log = LoggerFactory.getLogger(Ports.class);

    /** From a port that can't be opened to the next try. */
    private static final Duration RETRY = Duration.ofMillis(500);

    private final ServerBootstrap bootstrap;
    private final IntFunction<InetSocketAddress> address;
    private final Map<Integer, Port> ports = new HashMap<>();

    /**
     * @param bootstrap with everything but the handler of accepted connections
     * @param address on which a port is opened
     */
    Ports(ServerBootstrap bootstrap, IntFunction<InetSocketAddress> address) {
        this.bootstrap = bootstrap;
        this.address = address;
    }

    /** Opens and closes ports until those given are open. A port that passes to another listener stays open. */
    synchronized void serve(Map<Integer, TcpListener> wanted) {
        ports.entrySet().removeIf(open -> {
            boolean goes = !wanted.containsKey(open.getKey());
            if (goes) {
                open.getValue().close();
            }
            return goes;
        });
        wanted.forEach((number, listener) -> {
            Port known = ports.get(number);
            if (known != null) {
                known.passTo(listener);
            } else {
                Port port = new Port(number, listener);
                ports.put(number, port);
                port.open();
            }
        });
    }

    /** The ports that could not be opened, and why. */
    synchronized List<Unserved> unopened() {
        List<Unserved> result = new ArrayList<>();
        ports.forEach((number, port) -> {
            String failure = port.failure;
            if (failure != null) {
                result.add(new Unserved(port.listener.id(), number, failure));
            }
        });
        return result;
    }

    private final class Port {

        private final int number;
        private volatile TcpListener listener;
        // The rest is guarded by the ports.
        private boolean closed;
        private @Nullable Channel server;
        private @Nullable String failure;

        Port(int number, TcpListener listener) {
            this.number = number;
            this.listener = listener;
        }

        void passTo(TcpListener next) {
            if (!listener.id().equals(next.id())) {
                log.info("port {} passes from the {} to the {}", number, listener.id(), next.id());
            }
            listener = next;
        }

        void open() {
            var _ = bootstrap
                    .clone()
                    .childHandler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new Session(listener).client());
                        }
                    })
                    .bind(address.apply(number))
                    .addListener((ChannelFutureListener) bound -> {
                        if (bound.isSuccess()) {
                            opened(bound.channel());
                        } else {
                            failed(bound.channel().eventLoop(), bound.cause());
                        }
                    });
        }

        private void opened(Channel channel) {
            synchronized (Ports.this) {
                failure = null;
                server = channel;
                if (closed) {
                    close();
                    return;
                }
            }
            log.info("the {} is open at {}", listener.id(), channel.localAddress());
        }

        private void failed(EventLoop loop, Throwable cause) {
            String reason = String.valueOf(cause.getMessage());
            synchronized (Ports.this) {
                if (closed) {
                    return;
                }
                if (Objects.equals(failure, reason)) {
                    log.debug("port {} still can't be opened", number, cause);
                } else {
                    log.error(
                            "the {} can't be opened at port {}, and is tried again: {}", listener.id(), number, reason);
                }
                failure = reason;
            }
            var _ = loop.schedule(this::reopen, RETRY.toMillis(), TimeUnit.MILLISECONDS);
        }

        private void reopen() {
            synchronized (Ports.this) {
                if (closed) {
                    return;
                }
            }
            open();
        }

        void close() {
            closed = true;
            failure = null;
            if (server != null) {
                log.info("the {} is closed at {}", listener.id(), server.localAddress());
                var _ = server.close();
            }
        }
    }
}
