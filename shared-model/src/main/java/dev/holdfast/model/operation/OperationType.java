package dev.holdfast.model.operation;

/** What an operation does. */
public enum OperationType {
    /** Lets one node finish its requests and gives it no new ones. */
    DRAIN,
    /** Drains one node and takes it out of service. */
    MAINTENANCE,
    /** Brings one node back from draining or maintenance and waits until it serves. */
    ENABLE,
    /** Drains, restarts and brings back every node of a cluster, a few at a time. */
    ROLLING_RESTART
}
