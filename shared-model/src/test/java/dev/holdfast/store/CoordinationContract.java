package dev.holdfast.store;

import static dev.holdfast.store.StoreFixtures.SOME_TIME;
import static dev.holdfast.store.StoreFixtures.ended;
import static dev.holdfast.store.StoreFixtures.entry;
import static dev.holdfast.store.StoreFixtures.operation;
import static dev.holdfast.store.StoreFixtures.opinion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.model.health.Observer;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.health.Opinion;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.JournalFilter;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.store.Lease;
import dev.holdfast.model.store.LeaseLostException;
import dev.holdfast.model.store.RememberedAnswer;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every store promises to those that work together through it: observers, operations, leases, answers, cursors. */
abstract class CoordinationContract extends StoreUnderTest {

    @Test
    void deletingANodeAndForgettingAnObserverDeleteTheirOpinions() {
        putTopology();
        for (String eye : List.of("eye-1", "eye-2")) {
            observers.heartbeat(new ObserverId(eye), "here", 3);
            change(change -> {
                change.put(opinion(eye, "node-1", Opinion.UP));
                change.put(opinion(eye, "node-2", Opinion.DOWN));
            });
        }
        assertThat(list(view -> view.opinions())).hasSize(4);

        change(change -> {
            change.record(entry(EventType.NODE_DELETED));
            change.delete(NODE_1);
        });
        assertThat(list(view -> view.opinions()))
                .containsExactly(opinion("eye-1", "node-2", Opinion.DOWN), opinion("eye-2", "node-2", Opinion.DOWN));

        change(change -> change.forget(new ObserverId("eye-1")));
        assertThat(list(view -> view.opinionsOn(new NodeId("node-2"))))
                .containsExactly(opinion("eye-2", "node-2", Opinion.DOWN));
        assertThat(list(view -> view.observers()))
                .extracting(observer -> observer.id().value())
                .containsExactly("eye-2");
    }

    @Test
    void anObservationNeedsNoEventAndReplacesTheOneBefore() {
        putTopology();
        observers.heartbeat(new ObserverId("eye-1"), "here", 3);
        Revision start = revision();

        change(change -> change.put(opinion("eye-1", "node-1", Opinion.UP)));
        change(change -> change.put(opinion("eye-1", "node-1", Opinion.DOWN)));

        assertThat(list(view -> view.opinionsOn(NODE_1))).containsExactly(opinion("eye-1", "node-1", Opinion.DOWN));
        assertThat(revision()).isEqualTo(start);
    }

    @Test
    void observersLiveByTheStoresClock() {
        ObserverId eye = new ObserverId("eye-1");
        List<Observer> first = observers.heartbeat(eye, "north/a", 3);
        assertThat(first).singleElement().satisfies(observer -> {
            assertThat(observer.live()).isTrue();
            assertThat(observer.votes()).isTrue();
            assertThat(observer.location()).isEqualTo("north/a");
            assertThat(observer.declaredObservers()).isEqualTo(3);
        });

        change(change -> change.markIsolated(eye, true));
        change(change -> change.markIsolated(eye, true));
        assertThat(observers.heartbeat(eye, "north/b", 5)).singleElement().satisfies(observer -> {
            assertThat(observer.isolated()).isTrue();
            assertThat(observer.votes()).isFalse();
            assertThat(observer.location()).isEqualTo("north/b");
        });
        change(change -> change.markIsolated(eye, false));

        pass(Duration.ofSeconds(6));
        List<Observer> second = observers.heartbeat(new ObserverId("eye-2"), "north/a", 3);
        assertThat(second).extracting(Observer::live).containsExactly(false, true);
        assertThat(list(view -> view.observers())).extracting(Observer::live).containsExactly(false, true);
        assertThat(observers.heartbeat(eye, "north/b", 5))
                .extracting(Observer::live)
                .containsExactly(true, true);
    }

    @Test
    void aHeartbeatMakesNoRevision() {
        putTopology();
        ObserverId eye = new ObserverId("eye-1");
        observers.heartbeat(eye, "here", 3);
        Revision start = revision();

        assertThat(observers.heartbeat(eye, "here", 3)).hasSize(1);

        assertThat(revision()).isEqualTo(start);
    }

    @Test
    void aClusterHasOneActiveOperationAtATime() {
        Operation first = putOperation(operation(1, "shop"));
        putOperation(operation(2, "cart"));

        assertThatThrownBy(() -> putOperation(operation(3, "shop"))).isInstanceOf(IllegalStateException.class);

        Operation over = putOperation(ended(first, SOME_TIME));
        Operation third = putOperation(operation(3, "shop"));
        assertThat(find(view -> view.operation(first.id()))).contains(over);
        assertThat(list(view -> view.activeOperations()))
                .extracting(operation -> operation.id().value().getLeastSignificantBits())
                .containsExactly(2L, 3L);
        assertThat(list(view -> view.operations(Optional.of(SHOP), Optional.empty(), Optional.empty(), 10)))
                .containsExactly(third, over);
        assertThat(list(view -> view.operations(Optional.of(SHOP), Optional.empty(), Optional.of(third.version()), 10)))
                .containsExactly(over);
        assertThat(list(view -> view.operations(Optional.empty(), Optional.empty(), Optional.empty(), 1)))
                .containsExactly(third);
        assertThat(list(view -> view.operations(Optional.of(SHOP), Optional.of(over.state()), Optional.empty(), 10)))
                .containsExactly(over);
    }

    @Test
    void ofManyWhoStartAnOperationOnAClusterOneDoes() throws Exception {
        List<Boolean> won = inParallel(WRITERS, writer -> {
            try {
                putOperation(operation(writer, "shop"));
                return true;
            } catch (IllegalStateException e) {
                return false;
            }
        });

        assertThat(won).containsOnlyOnce(true);
        assertThat(list(view -> view.activeOperations())).hasSize(1);
    }

    @Test
    void oneRevisionExplainsOneOperation() {
        assertThatThrownBy(() -> change(change -> {
                    change.record(entry(EventType.OPERATION_STARTED));
                    change.put(operation(1, "shop"));
                    change.put(operation(2, "cart"));
                }))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aLeaseIsGrantedRenewedAndTakenOverWhenItHasRunOut() {
        Lease first = leases.acquire("work", "one", Duration.ofSeconds(10)).orElseThrow();
        assertThat(leases.acquire("work", "two", LONG)).isEmpty();
        Lease other = leases.acquire("other-work", "two", LONG).orElseThrow();
        assertThat(other.holder()).isEqualTo("two");

        pass(Duration.ofSeconds(5));
        Lease renewed = leases.acquire("work", "one", Duration.ofSeconds(10)).orElseThrow();
        assertThat(renewed.fencingToken()).isEqualTo(first.fencingToken());

        pass(Duration.ofSeconds(11));
        Lease taken = leases.acquire("work", "two", Duration.ofSeconds(10)).orElseThrow();
        assertThat(taken.fencingToken()).isGreaterThan(first.fencingToken());
        assertThat(leases.acquire("work", "one", LONG)).isEmpty();

        pass(Duration.ofSeconds(11));
        Lease regained = leases.acquire("work", "two", Duration.ofSeconds(10)).orElseThrow();
        assertThat(regained.fencingToken()).isGreaterThan(taken.fencingToken());
    }

    @Test
    void aReleasedLeaseIsFreeAndItsTokenStillGrows() {
        Lease first = leases.acquire("work", "one", LONG).orElseThrow();
        leases.release(first);
        Lease second = leases.acquire("work", "two", LONG).orElseThrow();
        assertThat(second.fencingToken()).isGreaterThan(first.fencingToken());

        leases.release(first);

        assertThat(leases.acquire("work", "one", LONG)).isEmpty();
        leases.release(new Lease("never-granted", "one", 1, SOME_TIME));
    }

    @Test
    void ofManyWhoWantALeaseOneGetsIt() throws Exception {
        List<Boolean> won = inParallel(
                WRITERS,
                writer -> leases.acquire("work", "holder-" + writer, LONG).isPresent());

        assertThat(won).containsOnlyOnce(true);
    }

    @Test
    void aChangeMadeUnderALostLeaseFails() {
        Lease first = leases.acquire("work", "one", Duration.ofSeconds(10)).orElseThrow();
        Revision done = store.change(change -> {
            change.requireLease(first);
            return change.record(entry(EventType.OPERATION_STARTED));
        });
        pass(Duration.ofSeconds(11));
        // Run out, but nobody else has been granted it.
        change(change -> change.requireLease(first));
        assertThat(leases.acquire("work", "two", LONG)).isPresent();

        assertThatThrownBy(() -> change(change -> {
                    change.record(entry(EventType.OPERATION_STARTED));
                    change.requireLease(first);
                }))
                .isInstanceOf(LeaseLostException.class)
                .hasMessageContaining("work");
        assertThat(revision()).isEqualTo(done);
    }

    @Test
    void anAnswerIsRememberedPerServiceAndKey() {
        RememberedAnswer answer = new RememberedAnswer(
                "region-service",
                "alice:k1",
                "digest",
                201,
                "{\"ETag\":\"\\\"5\\\"\"}",
                "{\"id\":\"shop\"}",
                SOME_TIME);

        change(change -> change.remember(answer));

        assertThat(find(view -> view.rememberedAnswer("region-service", "alice:k1")))
                .contains(answer);
        assertThat(find(view -> view.rememberedAnswer("failover-service", "alice:k1")))
                .isEmpty();
        assertThat(find(view -> view.rememberedAnswer("region-service", "bob:k1")))
                .isEmpty();
    }

    @Test
    void aCursorMovesOnAndNeverBack() {
        assertThat(cursor("webhook")).isEqualTo(Revision.NONE);

        change(change -> change.advanceCursor("webhook", new Revision(5)));
        change(change -> change.advanceCursor("webhook", new Revision(3)));

        assertThat(cursor("webhook")).isEqualTo(new Revision(5));
        assertThat(cursor("other")).isEqualTo(Revision.NONE);
    }

    @Test
    void retentionDeletesWhatIsOldAndKeepsTheNewestEvent() {
        putTopology();
        observers.heartbeat(new ObserverId("eye-1"), "here", 3);
        change(change -> change.put(opinion("eye-1", "node-1", Opinion.UP)));
        Instant now = store.read(view -> view.now());
        change(change -> change.remember(new RememberedAnswer("region-service", "old", "digest", 200, "{}", "", now)));
        Operation active = putOperation(operation(1, "shop"));
        Operation over = putOperation(ended(putOperation(operation(2, "cart")), now));
        Revision newest = revision();
        Lease old = leases.acquire("operation-cart", "one", LONG.dividedBy(10)).orElseThrow();

        pass(LONG);
        assertThat(leases.acquire("operation-shop", "one", LONG)).isPresent();
        retention.prune(LONG.multipliedBy(2), LONG.multipliedBy(2), LONG.multipliedBy(2), LONG.multipliedBy(2));
        assertThat(find(view -> view.operation(over.id()))).isPresent();
        assertThat(eventsAfter(new Revision(newest.value() - 2))).hasSize(2);

        long deleted = retention.prune(LONG.dividedBy(2), LONG.dividedBy(2), LONG.dividedBy(2), LONG.dividedBy(2));

        assertThat(deleted).isGreaterThanOrEqualTo(5);
        assertThat(leases.acquire("operation-shop", "another", LONG)).isEmpty();
        Lease renewed = leases.acquire("operation-cart", "another", LONG).orElseThrow();
        assertThat(renewed.fencingToken()).isEqualTo(old.fencingToken());
        assertThatThrownBy(() -> change(change -> change.requireLease(old))).isInstanceOf(LeaseLostException.class);
        assertThat(list(view -> view.journal(JournalFilter.ALL, Optional.empty(), 10)))
                .extracting(JournalEvent::revision)
                .containsExactly(newest);
        assertThat(find(view -> view.eventsAfter(new Revision(newest.value() - 2), 10)))
                .isEmpty();
        assertThat(eventsAfter(new Revision(newest.value() - 1))).hasSize(1);
        assertThat(find(view -> view.operation(over.id()))).isEmpty();
        assertThat(find(view -> view.operation(active.id()))).isPresent();
        assertThat(find(view -> view.rememberedAnswer("region-service", "old"))).isEmpty();
        assertThat(list(view -> view.opinions())).hasSize(1);
        assertThat(record(EventType.OBSERVER_LOST)).isEqualTo(newest.next());
    }
}
