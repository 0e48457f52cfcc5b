package dev.holdfast.region.request;

import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.web.Idempotency;
import dev.holdfast.web.WriteRequest;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** Carries out writes: once for each idempotency key, and for a dry run not at all. */
@Component
public final class Writes {

    private final ClusterStateStore store;
    private final Idempotency idempotency;

    public Writes(ClusterStateStore store, Idempotency idempotency) {
        this.store = store;
        this.idempotency = idempotency;
    }

    /**
     * Runs {@code effect} in one transaction and gives its answer, or the remembered one.
     *
     * @param body the document as read; empty when the request has none
     */
    public ResponseEntity<?> perform(
            WriteRequest request, Optional<?> body, Function<? super StateChange, ? extends ResponseEntity<?>> effect) {
        Function<StateChange, ResponseEntity<?>> once =
                change -> idempotency.once(change, request.idempotent(body), () -> effect.apply(change));
        if (!request.dryRun()) {
            return store.change(once);
        }
        ResponseEntity<?> answer = store.rehearse(once);
        return ResponseEntity.status(answer.getStatusCode())
                .headers(answer.getHeaders())
                .header(WriteRequest.DRY_RUN_HEADER, "true")
                .body(answer.getBody());
    }
}
