package dev.holdfast.health.observer;

import dev.holdfast.health.probe.Prober;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.ObserverRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import reactor.core.scheduler.Scheduler;

/**
 * All that an observer needs of the world.
 *
 * @param checkLoop runs one task at a time, promptly
 * @param publishing runs one task at a time; tasks block on the store
 * @param heartbeats the same, apart, so that a long publication delays no sign of life
 */
record Surroundings(
        ClusterStateStore store,
        ObserverRegistry registry,
        Prober prober,
        Scheduler checkLoop,
        Scheduler publishing,
        Scheduler heartbeats,
        LongSupplier nanoClock,
        InstantSource clock,
        RandomGenerator random,
        MeterRegistry meters) {}
