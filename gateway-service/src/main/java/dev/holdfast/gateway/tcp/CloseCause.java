package dev.holdfast.gateway.tcp;

/** Why a connection that was joined to a node has ended. */
enum CloseCause {
    /** Both sides had ended it. */
    ENDED("ended"),
    /** One side broke it off. */
    BROKEN("broken"),
    /** The newest epoch has another primary. */
    EPOCH("epoch"),
    /** The standby became primary, doubtful or unhealthy, or left. */
    UNFIT("unfit"),
    /** Nothing passed for the declared time. */
    IDLE("idle"),
    /** Its listener or its cluster is gone, or the gateway stops. */
    WITHDRAWN("withdrawn");

    private final String tag;

    CloseCause(String tag) {
        this.tag = tag;
    }

    String tag() {
        return tag;
    }
}
