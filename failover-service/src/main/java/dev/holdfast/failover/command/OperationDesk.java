package dev.holdfast.failover.command;

import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.failover.operation.Decision;
import dev.holdfast.failover.operation.Evidence;
import dev.holdfast.failover.operation.Limits;
import dev.holdfast.failover.operation.OperationDecider;
import dev.holdfast.failover.operation.OperationJournal;
import dev.holdfast.failover.operation.OperationOrder;
import dev.holdfast.failover.operation.OperationPlan;
import dev.holdfast.failover.operation.OperationSnapshot;
import dev.holdfast.failover.operation.Trigger;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationId;
import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Takes orders for operations inside a change of the store: the checks hold when it commits. Refusals are problems. */
public final class OperationDesk {

    private final Limits limits;
    private final Supplier<UUID> ids;

    public OperationDesk(Limits limits, Supplier<UUID> ids) {
        this.limits = limits;
        this.ids = ids;
    }

    Node node(StateView view, NodeId id) {
        return view.node(id)
                .orElseThrow(() -> new ProblemException(ProblemCode.NODE_NOT_FOUND, "There is no node " + id + "."));
    }

    Cluster cluster(StateView view, ClusterId id) {
        return view.cluster(id)
                .orElseThrow(
                        () -> new ProblemException(ProblemCode.CLUSTER_NOT_FOUND, "There is no cluster " + id + "."));
    }

    /** Starts the operation; a runner takes it up as soon as the change is committed. */
    public Operation start(StateChange change, ClusterId cluster, OperationOrder order, String caller) {
        ClusterState.Members members = ClusterState.Members.of(change, cluster)
                .orElseThrow(() ->
                        new ProblemException(ProblemCode.CLUSTER_NOT_FOUND, "There is no cluster " + cluster + "."));
        requireNoOther(change, cluster);
        return switch (OperationPlan.of(order, members)) {
            case OperationPlan.Refused refused ->
                throw new ProblemException(refused.code(), refused.detail(), refused.errors());
            case OperationPlan.Ready ready -> {
                Operation operation = new Operation(
                        new OperationId(ids.get()),
                        order.type(),
                        cluster,
                        order.node(),
                        OperationState.RUNNING,
                        order.parameters().asMap(),
                        ready.steps(),
                        caller,
                        change.now(),
                        Optional.empty(),
                        Optional.empty(),
                        Revision.NONE);
                change.record(OperationJournal.started(operation));
                yield change.put(operation);
            }
        };
    }

    private static void requireNoOther(StateView view, ClusterId cluster) {
        Optional<Operation> other = view.activeOperations().stream()
                .filter(operation -> operation.cluster().equals(cluster))
                .findFirst();
        if (other.isPresent()) {
            throw new ProblemException(
                    ProblemCode.OPERATION_IN_PROGRESS,
                    ("%s %s, started by %s, has not ended on %s (state %s). Wait for it at /api/v1/operations/%s, or"
                                    + " cancel it.")
                            .formatted(
                                    other.get().type(),
                                    other.get().id(),
                                    other.get().startedBy(),
                                    cluster,
                                    other.get().state(),
                                    other.get().id()));
        }
    }

    Operation require(StateView view, OperationId id) {
        return view.operation(id)
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.OPERATION_NOT_FOUND,
                        "There is no operation " + id + "; ended ones are forgotten after a while."));
    }

    /** Takes an operator's word on a running operation. */
    public Operation tell(StateChange change, OperationId id, Trigger trigger) {
        Operation operation = require(change, id);
        Instant now = change.now();
        Decision decision = OperationDecider.decide(new OperationSnapshot(
                now,
                now,
                trigger,
                operation,
                ClusterState.Members.of(change, operation.cluster()),
                List.of(),
                Evidence.NONE,
                limits));
        if (!decision.changes()) {
            throw new ProblemException(
                    ProblemCode.OPERATION_NOT_WAITING,
                    "The operation is %s and takes no %s."
                            .formatted(
                                    operation.state(),
                                    trigger.kind().name().toLowerCase(Locale.ROOT)
                                            + (trigger instanceof Trigger.Confirm confirm
                                                    ? confirm.node()
                                                            .map(node -> " of " + node)
                                                            .orElse(" without the node that was restarted")
                                                    : "")));
        }
        decision.journal().forEach(change::record);
        return change.put(decision.operation());
    }
}
