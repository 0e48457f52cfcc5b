package dev.holdfast.model.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * A journaled fact.
 *
 * @param at by the store's clock
 * @param traceId of the request or task that caused it, as in the logs
 */
public record JournalEvent(Revision revision, Instant at, Optional<String> traceId, JournalEntry entry) {}
