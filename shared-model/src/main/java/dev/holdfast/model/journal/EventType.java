package dev.holdfast.model.journal;

/** What a journal event states, as a fact. Constants are only ever added: stored journals name them. */
public enum EventType {
    REGION_DECLARED,
    REGION_DELETED,
    CLUSTER_DECLARED,
    CLUSTER_DELETED,
    NODE_DECLARED,
    NODE_DELETED,
    NODE_ADMIN_STATE_CHANGED,
    NODE_SYNCHRONISED,
    NODE_BECAME_HEALTHY,
    NODE_BECAME_UNHEALTHY,
    NODE_HEALTH_BECAME_UNKNOWN,
    OBSERVER_BECAME_ISOLATED,
    OBSERVER_REJOINED,
    OBSERVER_LOST,
    OPERATION_STARTED,
    OPERATION_STEP_STARTED,
    OPERATION_STEP_COMPLETED,
    OPERATION_STEP_FAILED,
    OPERATION_WAITS_FOR_OPERATOR,
    OPERATION_CANCEL_REQUESTED,
    OPERATION_SUCCEEDED,
    OPERATION_FAILED,
    OPERATION_CANCELLED,
    /** A cluster has got its first primary. */
    PRIMARY_APPOINTED,
    PRIMARY_SUSPECTED,
    PRIMARY_TRUSTED,
    /** A new epoch begins: the old primary, or what it needs to acknowledge writes, is being fenced. */
    FAILOVER_STARTED,
    /** No older primary can acknowledge a write, and a candidate is being promoted. */
    FAILOVER_PROMOTING,
    /** There is a primary of the new epoch; endpoints lead to it, and the others are being told to follow it. */
    PRIMARY_CHANGED,
    /** Enough standbys follow; it is being verified that writes are acknowledged and can be read back. */
    FAILOVER_VERIFYING,
    /** Health and consistency are verified; the remaining nodes recover. */
    FAILOVER_RECOVERING,
    FAILOVER_COMPLETED,
    FAILOVER_CANCELLED,
    FAILOVER_GIVEN_UP,
    FAILOVER_BLOCKED,
    /** It was decided not to act, or not to do what an operator asked for. */
    FAILOVER_REFUSED,
    FAILOVERS_ACKNOWLEDGED,
    FAILOVER_PAUSED,
    FAILOVER_RESUMED,
    SWITCHOVER_SCHEDULED,
    /** An operator has taken a scheduled switchover back. */
    SWITCHOVER_UNSCHEDULED,
    REPLICATION_CHANGED,
    NODE_CLONED,
    /** Read where a newer version has journaled what this one doesn't know yet; never recorded. Its evidence has the type. */
    UNKNOWN
}
