package dev.holdfast.web;

import java.util.Optional;

/**
 * A write as far as it doesn't concern the document.
 *
 * @param target method and path, with the query
 * @param dryRun whether the caller only wants to know what would happen
 */
public record WriteRequest(
        Optional<String> idempotencyKey, String target, Preconditions preconditions, boolean dryRun) {

    /** Set to {@code true} on the answer to a dry run. */
    public static final String DRY_RUN_HEADER = "Holdfast-Dry-Run";

    public Idempotency.Request idempotent(Optional<?> body) {
        return new Idempotency.Request(idempotencyKey, target, body);
    }
}
