package dev.holdfast.store.postgres;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.store.StateView;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The store on PostgreSQL: the state, its journal and the revision change in one transaction, which notifies the feed. */
final class PostgresClusterStateStore implements ClusterStateStore {

    private final StoreTransactions transactions;
    private final StoreRows rows;
    private final ChangeFeed feed;
    private final Duration observerTtl;
    private final LongSupplier nanoClock;

    PostgresClusterStateStore(
            StoreTransactions transactions,
            StoreRows rows,
            ChangeFeed feed,
            Duration observerTtl,
            LongSupplier nanoClock) {
        this.transactions = transactions;
        this.rows = rows;
        this.feed = feed;
        this.observerTtl = observerTtl;
        this.nanoClock = nanoClock;
    }

    @Override
    public <T> T read(Function<? super StateView, ? extends T> query) {
        return transactions.read(
                () -> query.apply(new PostgresView(rows, observerTtl, PostgresView.Counter.read(rows))));
    }

    @Override
    public <T> T change(Function<? super StateChange, ? extends T> work) {
        return transactions.write(() -> apply(work));
    }

    @Override
    public <T> T rehearse(Function<? super StateChange, ? extends T> work) {
        return transactions.rehearse(() -> apply(work));
    }

    private <T> T apply(Function<? super StateChange, ? extends T> work) {
        PostgresChange change = new PostgresChange(rows, observerTtl, PostgresView.Counter.lock(rows), nanoClock);
        T result = work.apply(change);
        change.finish();
        return result;
    }

    @Override
    public Revision awaitChangeAfter(Revision held, Duration atMost) throws InterruptedException {
        return feed.awaitAfter(held, atMost);
    }

    @Override
    public long contacts() {
        return feed.contacts();
    }
}
