package dev.holdfast.gateway.control.frontdoor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers the first request and resets the connection on every one that follows, on whichever connection it comes. */
final class ResettingReplica implements AutoCloseable {

    private final ServerSocket server;
    private final AtomicInteger asked = new AtomicInteger();

    ResettingReplica() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    int asked() {
        return asked.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String line = reader.readLine();
            while (line != null) {
                if (line.isEmpty() && asked.incrementAndGet() > 1) {
                    socket.setSoLinger(true, 0);
                    return;
                }
                if (line.isEmpty()) {
                    socket.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                }
                line = reader.readLine();
            }
        } catch (IOException e) {
            // The other side has gone, which is its right.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
