package dev.holdfast.model.topology;

/** What a health check does to a node. */
public enum CheckType {
    /** Requests a path and looks at the status. */
    HTTP,
    /** The same over TLS. */
    HTTPS,
    /** Opens a connection. */
    TCP,
    /** Opens a connection and asks for encryption, which PostgreSQL answers before it knows who asks. */
    POSTGRESQL;

    /** Whether it requests a path and looks at the status. */
    public boolean isHttp() {
        return this == HTTP || this == HTTPS;
    }
}
