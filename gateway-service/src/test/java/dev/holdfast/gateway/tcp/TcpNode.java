package dev.holdfast.gateway.tcp;

import dev.holdfast.model.topology.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A node on a real socket. It says its name to whoever connects, and then does as it is told. */
public final class TcpNode implements AutoCloseable {

    /** What the node does with a connection; it is closed afterwards. */
    public interface Behaviour {
        void serve(Socket connection) throws IOException;
    }

    private static final int CHUNK = 64 * 1024;

    private final String name;
    private final int port;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private volatile Behaviour behaviour = this::echo;
    private volatile ServerSocket server;

    public TcpNode(String name) {
        this.name = name;
        this.server = listen(0);
        this.port = server.getLocalPort();
    }

    private ServerSocket listen(int onPort) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), onPort), 1000);
            Thread.ofVirtual().name(name).start(() -> accept(socket));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                accepted.incrementAndGet();
                connections.add(connection);
                Thread.ofVirtual().name(name + "-connection").start(() -> serve(connection));
            } catch (IOException e) {
                // Killed: whoever connects is refused from now on.
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.getOutputStream().write((name + "\n").getBytes(StandardCharsets.US_ASCII));
            behaviour.serve(connection);
        } catch (IOException e) {
            // The other side is gone, which the tests look at from there.
        } finally {
            connections.remove(connection);
        }
    }

    public TcpNode behave(Behaviour other) {
        behaviour = other;
        return this;
    }

    /** Sends back what comes, to its end. */
    public void echo(Socket connection) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int count = connection.getInputStream().read(chunk);
                count >= 0;
                count = connection.getInputStream().read(chunk)) {
            received.addAndGet(count);
            connection.getOutputStream().write(chunk, 0, count);
        }
    }

    /** Takes what comes, to its end. */
    public void take(Socket connection) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int count = connection.getInputStream().read(chunk);
                count >= 0;
                count = connection.getInputStream().read(chunk)) {
            received.addAndGet(count);
        }
    }

    /** Sends so many bytes. */
    public void send(Socket connection, long bytes) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (long left = bytes; left > 0; left -= CHUNK) {
            int count = (int) Math.min(CHUNK, left);
            connection.getOutputStream().write(chunk, 0, count);
            sent.addAndGet(count);
        }
    }

    public String name() {
        return name;
    }

    public Endpoint address() {
        return new Endpoint("127.0.0.1", port);
    }

    /** Connections that are there now. */
    int open() {
        return connections.size();
    }

    /** Connections there have been. */
    int accepted() {
        return accepted.get();
    }

    long received() {
        return received.get();
    }

    long sent() {
        return sent.get();
    }

    /** Refuses connections from now on, and breaks off those there are. */
    public void kill() {
        try {
            server.close();
            for (Socket connection : connections) {
                connection.setSoLinger(true, 0);
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void restart() {
        server = listen(port);
    }

    @Override
    public void close() {
        kill();
    }
}
