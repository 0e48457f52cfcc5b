package dev.holdfast.model.store;

import java.time.Instant;

/**
 * The right to do some work alone for a while. It spreads work over replicas; safety never rests on it alone.
 *
 * @param name of the work
 * @param holder the replica that holds it
 * @param fencingToken grows with every new grant under this name; a renewal keeps it
 * @param expiresAt by the store's clock
 */
public record Lease(String name, String holder, long fencingToken, Instant expiresAt) {}
