package dev.holdfast.model.health;

/** What one observer holds of one node after {@code rise} or {@code fall}. */
public enum Opinion {
    UP,
    DOWN
}
