package dev.holdfast.failover.primary;

import dev.holdfast.api.agent.AgentApi;
import dev.holdfast.failover.agent.AgentCalls;
import dev.holdfast.failover.report.FailoverMetrics;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.Leases;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.web.client.ResourceAccessException;

/**
 * A replica that keeps primaries, and stops for good at one boundary of its steps: before or after a change of the store or
 * an order to an agent. Like a process that is killed, it gives nothing back.
 */
final class MortalReplica implements AutoCloseable {

    private static final Set<String> STEPS = Set.of("change", "order");

    private final AtomicInteger boundaries = new AtomicInteger();
    private final ExecutorService orders = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().uncaughtExceptionHandler((thread, end) -> {}).factory());
    private final ClusterStateReplica copy;
    private final PrimaryLoop loop;
    private volatile int last = Integer.MAX_VALUE;
    private volatile boolean dead;

    /** What a dead process says. */
    private static final class Dead extends Error {
        private static final long serialVersionUID = 1;
    }

    MortalReplica(PretendedClusters world, String name, PrimaryTimings timings) {
        copy = new ClusterStateReplica(
                world.store, ClusterState.EMPTY, Thread.ofPlatform().daemon().factory());
        ClusterStateStore store = mortal(ClusterStateStore.class, world.store);
        AgentCalls calls = address -> mortal(AgentApi.class, world.calls.at(address));
        loop = new PrimaryLoop(
                new PrimaryRunner.SharedState(store, mortal(Leases.class, world.store), copy),
                calls,
                orders,
                timings,
                new PrimaryRunner.Self(
                        name, System::nanoTime, new FailoverMetrics(new SimpleMeterRegistry(), world.store)),
                Thread.ofPlatform()
                        .uncaughtExceptionHandler((thread, end) -> {})
                        .factory());
        copy.start();
        loop.start();
    }

    /** Counts from here on, and stops at the boundary of that number, from 1. */
    void dieAt(int boundary) {
        boundaries.set(0);
        last = boundary;
    }

    int boundaries() {
        return boundaries.get();
    }

    boolean isDead() {
        return dead;
    }

    private <T> T mortal(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    boolean step = STEPS.contains(method.getName());
                    pass(step);
                    try {
                        Object result = method.invoke(real, arguments);
                        pass(step);
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private void pass(boolean step) {
        if (step && boundaries.incrementAndGet() >= last) {
            dead = true;
        }
        if (dead) {
            if (Thread.currentThread().getName().startsWith("agent-watch")) {
                throw new ResourceAccessException("asked by the dead");
            }
            throw new Dead();
        }
    }

    @Override
    public void close() {
        dead = true;
        loop.close();
        copy.close();
        orders.close();
    }
}
