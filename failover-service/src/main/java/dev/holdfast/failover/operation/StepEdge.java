package dev.holdfast.failover.operation;

import dev.holdfast.model.operation.StepState;

/** One way in which a step of a kind moves on. */
record StepEdge(StepKind kind, StepState from, Trigger.Kind trigger, StepGuard guard, StepState to, String reason) {}
