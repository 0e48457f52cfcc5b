package dev.holdfast.model.replication;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A position in PostgreSQL's write-ahead log, written as PostgreSQL does: {@code 16/B374D848}.
 *
 * @param value in bytes from the beginning of the log; unsigned
 */
public record Lsn(long value) implements Comparable<Lsn> {

    public static final Lsn ZERO = new Lsn(0);

    private static final Pattern WRITTEN = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");

    /** Reads {@code 16/B374D848}; anything else is an {@link IllegalArgumentException} with an example. */
    @JsonCreator
    public static Lsn parse(String written) {
        Matcher matcher = WRITTEN.matcher(written);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("a log position is two hexadecimal numbers, such as \"16/B374D848\"");
        }
        return new Lsn(Long.parseLong(matcher.group(1), 16) << 32 | Long.parseLong(matcher.group(2), 16));
    }

    public boolean isBefore(Lsn other) {
        return compareTo(other) < 0;
    }

    /** How many bytes this is ahead of {@code other}; 0 when it isn't. */
    public long bytesAheadOf(Lsn other) {
        return compareTo(other) <= 0 ? 0 : value - other.value;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(value, other.value);
    }

    @JsonValue
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%X/%X", value >>> 32, value & 0xFFFFFFFFL);
    }
}
