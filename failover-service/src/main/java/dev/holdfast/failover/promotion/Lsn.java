package dev.holdfast.failover.promotion;

/** A position in PostgreSQL's write-ahead log, in bytes. */
public record Lsn(long value) implements Comparable<Lsn> {

    public static final Lsn ZERO = new Lsn(0);

    public Lsn {
        if (value < 0) {
            throw new IllegalArgumentException("a position in the log is not negative: " + value);
        }
    }

    public boolean isBefore(Lsn other) {
        return value < other.value;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compare(value, other.value);
    }

    /** As PostgreSQL writes it. */
    @Override
    public String toString() {
        return Long.toHexString(value >>> 32).toUpperCase(java.util.Locale.ROOT)
                + "/"
                + Long.toHexString(value & 0xffffffffL).toUpperCase(java.util.Locale.ROOT);
    }
}
