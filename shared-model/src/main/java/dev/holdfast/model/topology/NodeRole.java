package dev.holdfast.model.topology;

/** The part a node plays in its cluster. Every node of an active-active cluster is {@link #ACTIVE}. */
public enum NodeRole {
    ACTIVE,
    PRIMARY,
    STANDBY,
    SPARE
}
