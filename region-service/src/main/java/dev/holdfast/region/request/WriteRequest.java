package dev.holdfast.region.request;

import dev.holdfast.web.Idempotency;
import java.util.Optional;

/**
 * A write as far as it doesn't concern the document.
 *
 * @param target method and path
 * @param dryRun whether the caller only wants to know what would happen
 */
public record WriteRequest(
        Optional<String> idempotencyKey, String target, Preconditions preconditions, boolean dryRun) {

    Idempotency.Request idempotent(Optional<?> body) {
        return new Idempotency.Request(idempotencyKey, target, body);
    }
}
