package dev.holdfast.model.topology;

/** What an operator wants of a node. */
public enum AdminState {
    /** Takes traffic when it is synchronised and healthy. */
    ENABLED,
    /** Finishes the requests it has and gets no new ones. */
    DRAINING,
    /** Out of service; it is synchronised anew before it takes traffic again. */
    MAINTENANCE
}
