package dev.holdfast.model.topology;

/** What a health check does to a node. */
public enum CheckType {
    /** Requests a path and looks at the status. */
    HTTP,
    /** The same over TLS. */
    HTTPS,
    /** Opens a connection. */
    TCP
}
