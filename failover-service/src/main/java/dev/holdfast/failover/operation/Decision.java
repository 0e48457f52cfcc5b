package dev.holdfast.failover.operation;

import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationStep;
import java.util.List;

/**
 * What an operation does next.
 *
 * @param operation as it is to be stored; the one decided on when nothing changes
 * @param journal what is journaled with it, oldest first; empty exactly when nothing changes
 * @param actions to be carried out once that is stored
 * @param taken the edges that led here, in order
 */
public record Decision(Operation operation, List<JournalEntry> journal, List<Action> actions, List<Taken> taken) {

    public Decision {
        journal = List.copyOf(journal);
        actions = List.copyOf(actions);
        taken = List.copyOf(taken);
    }

    /** Whether there is something to store. */
    public boolean changes() {
        return !taken.isEmpty();
    }

    /** An edge that was taken. */
    public sealed interface Taken {}

    public record StepMoved(StepEdge edge, OperationStep before, OperationStep after) implements Taken {}

    public record OperationMoved(OperationEdge edge, Operation after) implements Taken {}
}
