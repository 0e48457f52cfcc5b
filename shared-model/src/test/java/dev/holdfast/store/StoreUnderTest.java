package dev.holdfast.store;

import static dev.holdfast.store.StoreFixtures.cluster;
import static dev.holdfast.store.StoreFixtures.entry;
import static dev.holdfast.store.StoreFixtures.node;
import static dev.holdfast.store.StoreFixtures.operation;
import static dev.holdfast.store.StoreFixtures.region;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.Leases;
import dev.holdfast.model.store.ObserverRegistry;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.store.StoreRetention;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Region;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** A store to be tested, and short ways to use it. The journal may hold the events of earlier tests; all else starts empty. */
@Timeout(60)
abstract class StoreUnderTest {

    static final int WRITERS = 8;

    static final Duration LONG = Duration.ofHours(1);

    static final ClusterId SHOP = new ClusterId("shop");

    static final NodeId NODE_1 = new NodeId("node-1");

    ClusterStateStore store;

    Leases leases;

    ObserverRegistry observers;

    StoreRetention retention;

    /** The store under test, emptied of all but its journal. */
    protected record Subject(
            ClusterStateStore store, Leases leases, ObserverRegistry observers, StoreRetention retention) {}

    protected abstract Subject emptied();

    /** Makes this much time pass by the store's clock. */
    protected abstract void pass(Duration time);

    @BeforeEach
    void begin() {
        Subject subject = emptied();
        store = subject.store();
        leases = subject.leases();
        observers = subject.observers();
        retention = subject.retention();
    }

    void putTopology() {
        change(change -> {
            change.record(entry(EventType.REGION_DECLARED));
            change.put(region("north", "a", "b"));
            change.record(entry(EventType.CLUSTER_DECLARED));
            change.put(cluster("shop"));
            change.put(node("node-1", "shop", "north", "a"));
            change.put(node("node-2", "shop", "north", "a"));
        });
    }

    Region putRegion(String id, String... zones) {
        return store.change(change -> {
            change.record(entry(EventType.REGION_DECLARED));
            return change.put(region(id, zones));
        });
    }

    Operation putOperation(Operation operation) {
        return store.change(change -> {
            change.record(entry(EventType.OPERATION_STARTED));
            return change.put(operation);
        });
    }

    Revision record(EventType type) {
        return store.change(change -> change.record(entry(type)));
    }

    void change(Consumer<StateChange> work) {
        store.change(change -> {
            work.accept(change);
            return true;
        });
    }

    Revision revision() {
        return store.read(view -> view.revision());
    }

    List<JournalEvent> eventsAfter(Revision held) {
        return find(view -> view.eventsAfter(held, 10_000)).orElseThrow();
    }

    <T> List<T> list(Function<StateView, List<T>> query) {
        return store.read(query);
    }

    <T> Optional<T> find(Function<StateView, Optional<T>> query) {
        return store.read(query);
    }

    Revision cursor(String consumer) {
        return store.read(view -> view.cursor(consumer));
    }

    interface Task<T> {
        T run(int number);
    }

    static <T> List<T> inParallel(int threads, Task<T> task) throws InterruptedException, ExecutionException {
        CountDownLatch together = new CountDownLatch(threads);
        List<Callable<T>> tasks = IntStream.range(0, threads)
                .<Callable<T>>mapToObj(number -> () -> {
                    together.countDown();
                    together.await();
                    return task.run(number);
                })
                .toList();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<T> results = new ArrayList<>();
            for (Future<T> future : pool.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        }
    }
}
