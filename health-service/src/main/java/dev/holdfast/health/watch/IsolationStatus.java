package dev.holdfast.health.watch;

import java.time.Instant;

/**
 * Whether this observer holds itself for cut off.
 *
 * @param failing how many nodes failed when that changed
 * @param held of how many that it held UP
 * @param since by this observer's clock
 */
public record IsolationStatus(boolean isolated, int failing, int held, Instant since) {}
