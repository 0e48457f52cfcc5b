package dev.holdfast.failover.command;

import dev.holdfast.api.OperationView;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.web.Idempotency;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.http.ResponseEntity;

/** Makes a change that a request asks for, once however often it is repeated, and answers it. */
final class OperationAnswers {

    private final ClusterStateStore store;
    private final Idempotency idempotency;

    OperationAnswers(ClusterStateStore store, Idempotency idempotency) {
        this.store = store;
        this.idempotency = idempotency;
    }

    /** 202 with the operation and where to follow it. */
    ResponseEntity<?> accepted(
            Optional<String> key, String target, Object body, Function<? super StateChange, Operation> change) {
        Idempotency.Request request = new Idempotency.Request(key, "POST " + target, Optional.of(body));
        return store.change(tx -> idempotency.once(tx, request, () -> answer(change.apply(tx))));
    }

    /** 200 with what would be done; nothing is. */
    ResponseEntity<?> rehearsed(Function<? super StateChange, Operation> change) {
        return ResponseEntity.ok(store.rehearse(tx -> OperationPlanView.of(change.apply(tx))));
    }

    private static ResponseEntity<OperationView> answer(Operation operation) {
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/operations/" + operation.id()))
                .eTag(tag(operation))
                .body(OperationView.of(operation));
    }

    static String tag(Operation operation) {
        return "\"" + operation.version() + "\"";
    }
}
