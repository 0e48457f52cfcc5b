package dev.holdfast.health.watch;

import dev.holdfast.model.health.NodeOpinion;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.store.StateView;
import java.util.List;

/**
 * What the store has of an observer that starts: it goes on from there, so that its restart changes no verdict.
 *
 * @param opinions what it held of each node
 * @param isolated whether it held itself for cut off
 */
public record FormerLife(List<NodeOpinion> opinions, boolean isolated) {

    public static final FormerLife NONE = new FormerLife(List.of(), false);

    public FormerLife {
        opinions = List.copyOf(opinions);
    }

    public static FormerLife of(ObserverId self, StateView view) {
        return new FormerLife(
                view.opinions().stream()
                        .filter(opinion -> opinion.observer().equals(self))
                        .toList(),
                view.observers().stream().anyMatch(observer -> observer.id().equals(self) && observer.isolated()));
    }
}
