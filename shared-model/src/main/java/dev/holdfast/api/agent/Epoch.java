package dev.holdfast.api.agent;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Counts the changes of a cluster's primary. Orders carry it, and an agent refuses those of an older one.
 *
 * @param value 0 or more; 0 is the epoch before the first order
 */
public record Epoch(@JsonValue long value) implements Comparable<Epoch> {

    public static final Epoch NONE = new Epoch(0);

    @JsonCreator
    public Epoch {
        if (value < 0) {
            throw new IllegalArgumentException("an epoch is 0 or more, not " + value);
        }
    }

    /** Reads what {@link #toString} writes. Spring finds it by its name. */
    public static Epoch valueOf(String written) {
        return new Epoch(Long.parseLong(written));
    }

    public boolean isOlderThan(Epoch other) {
        return value < other.value;
    }

    @Override
    public int compareTo(Epoch other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
