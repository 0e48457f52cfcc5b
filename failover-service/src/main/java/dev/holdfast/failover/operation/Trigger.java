package dev.holdfast.failover.operation;

import dev.holdfast.model.topology.NodeId;
import java.util.Optional;

/** Why an operation is looked at. */
public sealed interface Trigger {

    /** The names of the triggers, as the edges use them. */
    enum Kind {
        TICK,
        CONFIRM,
        CANCEL
    }

    Kind kind();

    /** Time has passed, or facts have changed. */
    record Tick() implements Trigger {
        @Override
        public Kind kind() {
            return Kind.TICK;
        }
    }

    /**
     * An operator has done what the operation waits for.
     *
     * @param node whose step is confirmed; empty for the only one that waits
     */
    record Confirm(String operator, Optional<NodeId> node) implements Trigger {
        @Override
        public Kind kind() {
            return Kind.CONFIRM;
        }
    }

    /** An operator wants the operation to end early, safely. */
    record Cancel(String operator) implements Trigger {
        @Override
        public Kind kind() {
            return Kind.CANCEL;
        }
    }
}
