package dev.holdfast.model.health;

/** How one check of a node ended. */
public enum ProbeOutcome {
    SUCCESS(false),
    /** The node's machine answered that nothing listens there: certain evidence that the path to it works. */
    REFUSED(false),
    /** The node answered, and not with what the check expects, or accepted the connection and then broke it. */
    UNEXPECTED_ANSWER(false),
    /** Nothing came back in time: the node or the path to it is dead. */
    TIMEOUT(true),
    /** No connection came about (no route, a name that doesn't resolve): the node or the path to it is dead. */
    UNREACHABLE(true);

    private final boolean pathInDoubt;

    ProbeOutcome(boolean pathInDoubt) {
        this.pathInDoubt = pathInDoubt;
    }

    public boolean isSuccess() {
        return this == SUCCESS;
    }

    /** Whether the failure may as well lie with the observer's own network as with the node. */
    public boolean isPathInDoubt() {
        return pathInDoubt;
    }
}
