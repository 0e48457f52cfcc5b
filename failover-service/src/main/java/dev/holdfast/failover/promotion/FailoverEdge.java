package dev.holdfast.failover.promotion;

import dev.holdfast.model.replication.FailoverPhase;

/** One way from phase to phase. */
public record FailoverEdge(
        FailoverPhase from, FailoverGuard guard, FailoverPhase to, FailoverWork work, String reason) {}
