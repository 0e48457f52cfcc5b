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
    /** Read where a newer version has journaled what this one doesn't know yet; never recorded. Its evidence has the type. */
    UNKNOWN
}
