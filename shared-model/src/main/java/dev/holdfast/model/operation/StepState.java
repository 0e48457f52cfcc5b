package dev.holdfast.model.operation;

/** How far a step of an operation has come. */
public enum StepState {
    PENDING,
    RUNNING,
    SUCCEEDED,
    FAILED,
    SKIPPED
}
