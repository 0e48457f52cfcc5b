package dev.holdfast.store;

import dev.holdfast.store.memory.InMemoryClusterStateStore;
import java.time.Duration;
import java.time.Instant;

class InMemoryStoreTest extends ClusterStateStoreContract {

    private Instant now = StoreFixtures.SOME_TIME;

    @Override
    protected Subject emptied() {
        InMemoryClusterStateStore twin = new InMemoryClusterStateStore(() -> now);
        return new Subject(twin, twin, twin, twin);
    }

    @Override
    protected void pass(Duration time) {
        now = now.plus(time);
    }
}
