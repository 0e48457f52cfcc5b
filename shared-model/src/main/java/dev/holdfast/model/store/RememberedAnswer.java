package dev.holdfast.model.store;

import java.time.Instant;

/**
 * The answer to a request that carried an idempotency key.
 *
 * @param service whose key it is; keys of different services don't meet
 * @param key as the client gave it, prefixed with the client's name
 * @param requestDigest of method, path and body: a replay must have the same
 * @param headers of the answer that a replay must show too, as JSON
 * @param body of the answer, as JSON; may be empty
 */
public record RememberedAnswer(
        String service, String key, String requestDigest, int status, String headers, String body, Instant at) {}
