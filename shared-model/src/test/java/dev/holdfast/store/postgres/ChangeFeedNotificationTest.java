package dev.holdfast.store.postgres;

import static dev.holdfast.store.StoreFixtures.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.store.StateView;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Changes are announced, not found by looking: for a feed whose clock stands still no poll is ever due. Were the
 * notifications dead, the poll would hide it everywhere else, at the cost of a second for each change.
 */
@Timeout(120)
class ChangeFeedNotificationTest {

    @Test
    void aChangeReachesAReplicaByItsNotification() {
        PostgresForTests.Database database = PostgresForTests.freshDatabase();
        try (StoreOnPostgres opened = StoreOnPostgres.open(database);
                ChangeFeed feed = new ChangeFeed(
                        database::connect, () -> 0L, Thread.ofVirtual().factory());
                ClusterStateReplica replica = new ClusterStateReplica(
                        new StoreWithFeed(opened.store(), feed),
                        ClusterState.EMPTY,
                        Thread.ofVirtual().factory())) {
            Revision first = change(opened.store());
            await().ignoreExceptions()
                    .until(() -> feed.awaitAfter(Revision.NONE, Duration.ofSeconds(1))
                            .equals(first));
            replica.start();
            for (int i = 0; i < 5; i++) {
                Revision next = change(opened.store());
                await().atMost(Duration.ofSeconds(20))
                        .untilAsserted(
                                () -> assertThat(replica.state().revision()).isEqualTo(next));
            }
        }
    }

    private static Revision change(ClusterStateStore store) {
        return store.change(change -> change.record(entry(EventType.OBSERVER_LOST)));
    }

    private record StoreWithFeed(ClusterStateStore store, ChangeFeed feed) implements ClusterStateStore {

        @Override
        public <T> T read(Function<? super StateView, ? extends T> query) {
            return store.read(query);
        }

        @Override
        public <T> T change(Function<? super StateChange, ? extends T> work) {
            return store.change(work);
        }

        @Override
        public <T> T rehearse(Function<? super StateChange, ? extends T> work) {
            return store.rehearse(work);
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
}
