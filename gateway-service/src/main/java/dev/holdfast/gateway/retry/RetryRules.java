package dev.holdfast.gateway.retry;

import java.util.Set;

/** Which requests may be tried again without the risk of doing twice what was asked once. */
public final class RetryRules {

    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    private RetryRules() {}

    /** Whether doing the request twice has the effect of doing it once (RFC 9110, 9.2.2). */
    public static boolean isIdempotent(String method) {
        return IDEMPOTENT.contains(method);
    }

    /**
     * Whether the request may go to another node after the failure.
     *
     * @param bodyConsumed whether any of the request's body was read; it can't be read again
     */
    public static boolean mayRetry(TryFailure failure, boolean idempotent, boolean bodyConsumed) {
        return !bodyConsumed && failure != TryFailure.OVERSIZED_HEAD && (failure.neverSent() || idempotent);
    }
}
