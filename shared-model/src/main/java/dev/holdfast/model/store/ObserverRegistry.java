package dev.holdfast.model.store;

import dev.holdfast.model.health.Observer;
import dev.holdfast.model.health.ObserverId;
import java.util.List;

/** Where observers show that they live. Cheap: a heartbeat makes no revision and waits for no change. */
public interface ObserverRegistry {

    /**
     * Registers the observer or renews its sign of life. Throws {@link StoreUnavailableException} as the store does.
     *
     * @return all observers as they now stand
     */
    List<Observer> heartbeat(ObserverId id, String location, int declaredObservers);
}
