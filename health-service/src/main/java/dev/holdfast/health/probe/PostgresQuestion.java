package dev.holdfast.health.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.holdfast.health.probe.NettyProber.Seen;
import dev.holdfast.model.health.ProbeOutcome;
import java.nio.ByteBuffer;

/**
 * What a check asks PostgreSQL, and what it makes of the answer.
 *
 * <p>It asks whether the connection could be encrypted by GSSAPI. A server answers with one byte before it knows who
 * asks, whatever its settings, also while it starts, recovers or has no connection left; and it takes the postmaster
 * and a process that it has forked to answer, so one that is frozen doesn't. When the connection is closed then, nothing
 * is logged. The same question about TLS would leave "could not accept SSL connection" in the log at each check of a
 * server with {@code ssl = on}.
 */
final class PostgresQuestion {

    static final Seen CLOSED = unexpected("accepted, and then closed the connection without an answer");

    /** The code of a GSSENCRequest, in the place of a protocol version. */
    private static final int GSS_ENCRYPTION_REQUEST = (1234 << 16) | 5680;

    /** Of an error, which comes as text. */
    private static final int MAX_SHOWN = 100;

    private PostgresQuestion() {}

    /** The whole request: its length in bytes, and its code. */
    static byte[] bytes() {
        return ByteBuffer.allocate(2 * Integer.BYTES)
                .putInt(2 * Integer.BYTES)
                .putInt(GSS_ENCRYPTION_REQUEST)
                .array();
    }

    /** @param answer what has come so far, at least one byte */
    static Seen judge(byte[] answer) {
        return switch (answer[0]) {
            case 'G', 'N' -> new Seen(ProbeOutcome.SUCCESS, "PostgreSQL answered");
            case 'E' -> unexpected("PostgreSQL answered with an error: " + visible(answer, 1));
            default -> unexpected("answered, but not as PostgreSQL does: " + visible(answer, 0));
        };
    }

    private static Seen unexpected(String detail) {
        return new Seen(ProbeOutcome.UNEXPECTED_ANSWER, detail);
    }

    /** The beginning of what came, as it can stand in a sentence. */
    private static String visible(byte[] answer, int from) {
        int length = Math.min(answer.length - from, MAX_SHOWN);
        return '"'
                + new String(answer, from, length, ISO_8859_1)
                        .replaceAll("[^ -~]+", " ")
                        .strip()
                + '"';
    }
}
