package dev.holdfast.api.agent;

/** How far an order has come. */
public enum OrderOutcome {
    /** Being carried out; repeat it to learn how it ended. */
    IN_PROGRESS,
    /** What it asks for holds. */
    DONE,
    /** It couldn't be carried out. Repeating it tries again. */
    FAILED,
    /** A later order came before it was done. */
    SUPERSEDED
}
