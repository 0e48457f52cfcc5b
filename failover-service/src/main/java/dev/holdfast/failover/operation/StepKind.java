package dev.holdfast.failover.operation;

import dev.holdfast.model.operation.OperationStep;
import java.util.Arrays;
import java.util.Locale;

/** What a step of an operation on a node does. Stored operations name these: constants are only ever added. */
public enum StepKind {
    /** Waits until enough other nodes take traffic. */
    AWAIT_PEERS("until enough other nodes take traffic"),
    /** Orders that the node gets no new requests. */
    DRAIN("until the node is ordered to drain"),
    /** Waits until every gateway knows that order and has no request left at the node. */
    AWAIT_IDLE("until no gateway has a request left at the node"),
    /** Takes the drained node out of service. */
    MAINTENANCE("until the node is in maintenance"),
    /** Has the node restarted, by the cluster's hook or by an operator. */
    RESTART("until the node has been restarted"),
    /** Checks the node until it has answered often enough since the restart. */
    AWAIT_ANSWERS("until the restarted node has answered its checks"),
    /** Brings the node back into service. */
    ENABLE("until the node is enabled"),
    /** Waits until the node is synchronised and healthy. */
    AWAIT_TRAFFIC("until the node takes traffic"),
    /** Takes a node that was restarted, but takes no traffic, out of service again. */
    WITHDRAW("until the node is in maintenance again");

    private final String waitsFor;
    private final String written;

    StepKind(String waitsFor) {
        this.waitsFor = waitsFor;
        this.written = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** As it stands in {@link OperationStep#kind()}, such as {@code await-idle}. */
    public String written() {
        return written;
    }

    /** How a wait for the step's end is told to people. */
    public String waitsFor() {
        return waitsFor;
    }

    /** An unknown kind is an {@link IllegalArgumentException}: this service is older than the operation. */
    public static StepKind of(OperationStep step) {
        return Arrays.stream(values())
                .filter(kind -> kind.written.equals(step.kind()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("this version knows no step of kind " + step.kind()));
    }
}
