package dev.holdfast.model.replication;

/** Up to where a node has flushed the log to disk, and on which timeline. */
public record Position(int timeline, Lsn flushed) {

    @Override
    public String toString() {
        return flushed + " on timeline " + timeline;
    }
}
