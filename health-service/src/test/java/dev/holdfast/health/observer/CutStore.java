package dev.holdfast.health.observer;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.store.StoreUnavailableException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** A store that one observer may be cut off from while others reach it. */
record CutStore(ClusterStateStore store, BooleanSupplier cut) implements ClusterStateStore {

    static StoreUnavailableException unavailable() {
        return new StoreUnavailableException("cut off", new SQLNonTransientConnectionException("cut off"));
    }

    @Override
    public <T> T read(Function<? super StateView, ? extends T> query) {
        return reached().read(query);
    }

    @Override
    public <T> T change(Function<? super StateChange, ? extends T> work) {
        return reached().change(work);
    }

    @Override
    public <T> T rehearse(Function<? super StateChange, ? extends T> work) {
        return reached().rehearse(work);
    }

    @Override
    public Revision awaitChangeAfter(Revision held, Duration atMost) throws InterruptedException {
        return reached().awaitChangeAfter(held, atMost);
    }

    @Override
    public long contacts() {
        return store.contacts();
    }

    private ClusterStateStore reached() {
        if (cut.getAsBoolean()) {
            throw unavailable();
        }
        return store;
    }
}
