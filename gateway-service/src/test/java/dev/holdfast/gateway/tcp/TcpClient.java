package dev.holdfast.gateway.tcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.awaitility.Awaitility;

/** A client of a listener. Waits ten seconds for whatever it waits for, and then fails. */
public final class TcpClient implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;

    /** Connects as soon as the port is open. */
    public TcpClient(int port) {
        socket = Awaitility.await()
                .atMost(Duration.ofMillis(PATIENCE_MILLIS))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .ignoreExceptions()
                .until(() -> new Socket(InetAddress.getLoopbackAddress(), port), Objects::nonNull);
        try {
            socket.setSoTimeout(PATIENCE_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public TcpClient send(String text) {
        return send(text.getBytes(StandardCharsets.US_ASCII));
    }

    TcpClient send(byte[] data) {
        try {
            socket.getOutputStream().write(data);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything up to the end of the line. */
    public String line() {
        StringBuilder line = new StringBuilder();
        for (int next = read(); next != '\n'; next = read()) {
            if (next < 0) {
                throw new IllegalStateException("closed after \"" + line + '"');
            }
            line.append((char) next);
        }
        return line.toString();
    }

    private int read() {
        try {
            return socket.getInputStream().read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] read(int count) {
        try {
            return socket.getInputStream().readNBytes(count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many bytes come until the other side ends. */
    long drain() {
        try {
            byte[] chunk = new byte[64 * 1024];
            long total = 0;
            for (int count = socket.getInputStream().read(chunk);
                    count >= 0;
                    count = socket.getInputStream().read(chunk)) {
                total += count;
            }
            return total;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the end of the connection, by an orderly close or a reset. Something else fails. */
    public void expectClosed() {
        try {
            int next = socket.getInputStream().read();
            if (next >= 0) {
                throw new IllegalStateException("not closed: got " + next);
            }
        } catch (SocketTimeoutException e) {
            throw new UncheckedIOException("not closed", e);
        } catch (IOException e) {
            // Reset.
        }
    }

    TcpClient endOutput() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
