package dev.holdfast.failover.command;

import dev.holdfast.api.OperationView;
import dev.holdfast.api.VersionTag;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.web.Idempotency;
import dev.holdfast.web.WriteRequest;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.http.ResponseEntity;

/** Makes a change that a request asks for, once however often it is repeated and for a dry run not at all, and answers it. */
final class OperationAnswers {

    private final ClusterStateStore store;
    private final Idempotency idempotency;

    OperationAnswers(ClusterStateStore store, Idempotency idempotency) {
        this.store = store;
        this.idempotency = idempotency;
    }

    /**
     * 202 with the operation and where to follow it; for a dry run 200 with the view of what it would be.
     *
     * @param body the document as read
     */
    ResponseEntity<?> perform(
            WriteRequest request,
            Object body,
            Function<? super StateChange, Operation> change,
            Function<Operation, ?> rehearsedView) {
        if (request.dryRun()) {
            Operation rehearsed = store.rehearse(change);
            return ResponseEntity.ok()
                    .header(WriteRequest.DRY_RUN_HEADER, "true")
                    .body(rehearsedView.apply(rehearsed));
        }
        return store.change(
                tx -> idempotency.once(tx, request.idempotent(Optional.of(body)), () -> answer(change.apply(tx))));
    }

    private static ResponseEntity<OperationView> answer(Operation operation) {
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/operations/" + operation.id()))
                .eTag(tag(operation))
                .body(OperationView.of(operation));
    }

    static String tag(Operation operation) {
        return VersionTag.of(operation.version());
    }
}
