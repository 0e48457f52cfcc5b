package dev.holdfast.model.topology;

/** How a cluster survives the loss of a node. */
public enum Redundancy {
    /** Every node serves; the rest carry the load of a lost one. */
    ACTIVE_ACTIVE
}
