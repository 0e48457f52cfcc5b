package dev.holdfast.model.topology;

/** How a cluster survives the loss of a node. */
public enum Redundancy {
    /** Every node serves; the rest carry the load of a lost one. */
    ACTIVE_ACTIVE,
    /** One node takes writes, the primary; when it is lost, a standby takes its place. */
    ACTIVE_PASSIVE
}
