package dev.holdfast.failover.promotion;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.replication.FailoverPhase;

/** One way from phase to phase. */
public record FailoverEdge(
        FailoverPhase from, FailoverGuard guard, FailoverPhase to, FailoverWork work, String reason) {

    /** As what the journal has it that the edge was taken. */
    EventType event() {
        return switch (to) {
            case SUSPECTED -> EventType.PRIMARY_SUSPECTED;
            case FENCING -> EventType.FAILOVER_STARTED;
            case PROMOTING -> EventType.FAILOVER_PROMOTING;
            case VERIFYING -> EventType.FAILOVER_VERIFYING;
            case RECOVERING -> EventType.FAILOVER_RECOVERING;
            case BLOCKED -> EventType.FAILOVER_BLOCKED;
            case STEADY -> from == FailoverPhase.SUSPECTED ? EventType.PRIMARY_TRUSTED : EventType.FAILOVER_COMPLETED;
            case REPOINTING ->
                switch (guard) {
                    case CANCEL_ASKED -> EventType.FAILOVER_CANCELLED;
                    case FENCING_TIME_UP_CONFIRMED -> EventType.FAILOVER_GIVEN_UP;
                    case WELL -> EventType.PRIMARY_TRUSTED;
                    default -> EventType.PRIMARY_CHANGED;
                };
        };
    }
}
