package dev.holdfast.health.publication;

import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.ObserverRegistry;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import java.time.Clock;
import java.time.Instant;

class PublishingOnMemoryTest extends PublishingContract {

    /** Stands still, so that no observer dies while the test runs. */
    private final Instant now = Clock.systemUTC().instant();

    private final InMemoryClusterStateStore store = new InMemoryClusterStateStore(() -> now);

    @Override
    ClusterStateStore store() {
        return store;
    }

    @Override
    ObserverRegistry registry() {
        return store;
    }
}
