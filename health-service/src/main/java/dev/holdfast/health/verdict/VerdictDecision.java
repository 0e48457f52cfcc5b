package dev.holdfast.health.verdict;

import dev.holdfast.model.health.NodeHealth;
import java.util.Optional;

/**
 * What the votes on a node come to.
 *
 * @param tally the votes
 * @param reason in words, with the counts
 * @param change the new verdict, carrying the version of the one it replaces; empty when the verdict stays
 */
public record VerdictDecision(Tally tally, String reason, Optional<NodeHealth> change) {}
