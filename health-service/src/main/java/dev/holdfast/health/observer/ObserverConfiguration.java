package dev.holdfast.health.observer;

import dev.holdfast.health.probe.NettyProber;
import dev.holdfast.health.probe.Prober;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.ObserverRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.SplittableRandom;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/** Gives the observer real time, threads and sockets. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ObserverSettings.class, IsolationDetection.class})
class ObserverConfiguration {

    @Bean(destroyMethod = "dispose")
    LoopResources probeLoops() {
        return LoopResources.create("health-probes");
    }

    @Bean(destroyMethod = "dispose")
    Scheduler checkLoop() {
        return Schedulers.newSingle("health-checks");
    }

    @Bean(destroyMethod = "dispose")
    Scheduler publishing() {
        return Schedulers.newSingle("opinion-publisher");
    }

    @Bean(destroyMethod = "dispose")
    Scheduler heartbeats() {
        return Schedulers.newSingle("observer-heartbeat");
    }

    @Bean
    Prober prober(LoopResources probeLoops) {
        return new NettyProber(probeLoops, Schedulers.parallel(), System::nanoTime, Clock.systemUTC());
    }

    @Bean
    LocalObserver localObserver(
            ObserverSettings settings,
            IsolationDetection isolation,
            ClusterStateStore store,
            ObserverRegistry registry,
            Prober prober,
            Scheduler checkLoop,
            Scheduler publishing,
            Scheduler heartbeats,
            MeterRegistry meters) {
        Surroundings world = new Surroundings(
                store,
                registry,
                prober,
                checkLoop,
                publishing,
                heartbeats,
                System::nanoTime,
                Clock.systemUTC(),
                new SplittableRandom(),
                meters);
        return new LocalObserver(
                settings,
                isolation.settings(),
                world,
                Thread.ofVirtual().name("observer-topology-", 0).factory());
    }
}
