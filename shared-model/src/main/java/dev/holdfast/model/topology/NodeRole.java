package dev.holdfast.model.topology;

/** The part that a node plays in its cluster now. Every node of an active-active cluster is {@link #ACTIVE}. */
public enum NodeRole {
    ACTIVE,
    PRIMARY,
    STANDBY,
    SPARE
}
