package dev.holdfast.failover.promotion;

/** One way from phase to phase. */
public record FailoverEdge(
        FailoverPhase from, FailoverGuard guard, FailoverPhase to, FailoverWork work, String reason) {}
