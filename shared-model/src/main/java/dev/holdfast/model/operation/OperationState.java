package dev.holdfast.model.operation;

/** How far an operation has come. */
public enum OperationState {
    RUNNING,
    /** Goes on when an operator confirms; the running step says what. */
    WAITING_FOR_OPERATOR,
    /** A cancel was asked for; the running step is brought to a safe end. */
    CANCELLING,
    SUCCEEDED,
    FAILED,
    CANCELLED;

    public boolean isFinal() {
        return this == SUCCEEDED || this == FAILED || this == CANCELLED;
    }
}
