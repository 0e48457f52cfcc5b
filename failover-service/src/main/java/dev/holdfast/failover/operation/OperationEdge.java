package dev.holdfast.failover.operation;

import dev.holdfast.model.operation.OperationState;

/** One way in which an operation moves on. */
record OperationEdge(
        OperationState from, Trigger.Kind trigger, OperationGuard guard, OperationState to, String reason) {}
