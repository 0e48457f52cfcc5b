package dev.holdfast.health.verdict;

import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.health.NodeOpinion;
import dev.holdfast.model.health.Observer;
import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that a verdict on a node depends on, from one consistent view of the store.
 *
 * @param now by the store's clock
 * @param observers all that the store knows, dead ones included
 * @param opinions on this node, of all observers, dead ones included
 * @param current the verdict so far; empty when there has never been one
 */
public record VerdictSnapshot(
        NodeId node, Instant now, List<Observer> observers, List<NodeOpinion> opinions, Optional<NodeHealth> current) {

    public VerdictSnapshot {
        observers = List.copyOf(observers);
        opinions = List.copyOf(opinions);
    }
}
