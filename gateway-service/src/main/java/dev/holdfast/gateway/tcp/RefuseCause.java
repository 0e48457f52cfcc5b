package dev.holdfast.gateway.tcp;

/** Why a connection was closed without having been joined to a node. */
enum RefuseCause {
    /** The cluster has as many connections as it may have. */
    LIMIT("limit"),
    /** No node was there for it in time. */
    HOLD_TIMEOUT("hold-timeout"),
    /** The client ended it while it waited. */
    LEFT("left"),
    /** Its listener or its cluster is gone, or the gateway stops. */
    WITHDRAWN("withdrawn");

    private final String tag;

    RefuseCause(String tag) {
        this.tag = tag;
    }

    String tag() {
        return tag;
    }
}
