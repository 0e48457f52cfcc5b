package dev.holdfast.api.agent;

/** What an agent knows of its PostgreSQL. */
public enum PostgresState {
    /** There is no data directory yet. */
    ABSENT,
    /** Stopped in good order. */
    STOPPED,
    /** The process runs and doesn't answer yet, or no longer. */
    STARTING,
    /** It answers. */
    RUNNING,
    /** It answers, and clients are kept out: until the synchronous standbys have caught up, or because of a freeze. */
    CLOSED,
    /** Stopped by an order, or by the agent itself; only an order starts it again. */
    FENCED,
    /** The process ended without being asked to. */
    CRASHED
}
