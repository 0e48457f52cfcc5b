package dev.holdfast.model.journal;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** The number of a change of the cluster state: total, gapless, in commit order, from 1. */
public record Revision(@JsonValue long value) implements Comparable<Revision> {

    /** Before the first change; also the version of what is not stored yet. */
    public static final Revision NONE = new Revision(0);

    @JsonCreator
    public Revision {
        if (value < 0) {
            throw new IllegalArgumentException("a revision is 0 or more, not " + value);
        }
    }

    public Revision next() {
        return new Revision(value + 1);
    }

    public boolean isAfter(Revision other) {
        return value > other.value;
    }

    @Override
    public int compareTo(Revision other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
