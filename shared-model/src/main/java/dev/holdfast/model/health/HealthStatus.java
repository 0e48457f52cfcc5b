package dev.holdfast.model.health;

/** What a quorum of observers holds of a node. */
public enum HealthStatus {
    HEALTHY,
    UNHEALTHY,
    /** No quorum has decided, or the quorum is gone; routing keeps to what was decided last. */
    UNKNOWN
}
