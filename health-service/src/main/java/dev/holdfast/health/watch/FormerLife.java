package dev.holdfast.health.watch;

import static java.util.Objects.requireNonNull;

import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the store has of an observer that starts: it goes on from there, so that its restart changes no verdict.
 *
 * @param opinions what it held of each node
 * @param isolated whether it held itself for cut off
 */
public record FormerLife(List<HeldOpinion> opinions, boolean isolated) {

    public static final FormerLife NONE = new FormerLife(List.of(), false);

    public FormerLife {
        opinions = List.copyOf(opinions);
    }

    public static FormerLife of(ObserverId self, StateView view) {
        return new FormerLife(
                opinionsOf(self, view),
                view.observers().stream().anyMatch(observer -> observer.id().equals(self) && observer.isolated()));
    }

    /** The opinions that the store has of this observer. They go with their node, so they are on its present address. */
    public static List<HeldOpinion> opinionsOf(ObserverId self, StateView view) {
        Map<NodeId, Endpoint> addresses = view.nodes().stream().collect(Collectors.toMap(Node::id, Node::address));
        return view.opinions().stream()
                .filter(opinion -> opinion.observer().equals(self))
                .map(opinion -> new HeldOpinion(opinion, requireNonNull(addresses.get(opinion.node()))))
                .toList();
    }
}
