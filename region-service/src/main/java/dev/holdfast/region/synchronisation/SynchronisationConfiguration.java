package dev.holdfast.region.synchronisation;

import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.Leases;
import java.time.Duration;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SynchronisationConfiguration {

    /** How long joining nodes wait when the replica that synchronises them dies. */
    private static final Duration LEASE_TIME_TO_LIVE = Duration.ofSeconds(5);

    @Bean(initMethod = "start", destroyMethod = "close")
    ClusterStateReplica clusterStateReplica(ClusterStateStore store) {
        return new ClusterStateReplica(
                store,
                ClusterState.EMPTY,
                Thread.ofPlatform().name("cluster-state").daemon().factory());
    }

    @Bean
    HookClient synchronisationHooks() {
        return new HookClient();
    }

    @Bean
    Synchroniser synchroniser(ClusterStateReplica replica, ClusterStateStore store, Leases leases, HookClient hooks) {
        HeldLease lease = new HeldLease(
                leases, "synchronisation", "region-service-" + UUID.randomUUID(), LEASE_TIME_TO_LIVE, System::nanoTime);
        return new Synchroniser(
                replica,
                lease,
                hooks,
                new SynchronisationMark(store),
                Thread.ofVirtual().name("synchronisation-", 0).factory(),
                System::nanoTime);
    }
}
