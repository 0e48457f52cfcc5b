package dev.holdfast.gateway;

import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.gateway.activity.GatewayMeters;
import dev.holdfast.gateway.activity.NodeRecords;
import dev.holdfast.gateway.balancing.ClusterLoadBalancer;
import dev.holdfast.gateway.ejection.Ejections;
import dev.holdfast.gateway.forwarding.ClusterForwardings;
import dev.holdfast.gateway.forwarding.TryOutcomes;
import dev.holdfast.gateway.hints.HintSender;
import dev.holdfast.gateway.routing.CurrentTable;
import dev.holdfast.gateway.snapshot.SnapshotFile;
import dev.holdfast.gateway.snapshot.SnapshotKeeper;
import dev.holdfast.gateway.tcp.TcpPlane;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.model.store.ClusterStateStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The routing table, what it is made from, and what follows it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GatewaySettings.class)
class RoutingConfiguration {

    @Bean
    InstantSource clock() {
        return Clock.systemUTC();
    }

    @Bean
    NanoClock nanoClock() {
        return System::nanoTime;
    }

    @Bean
    CurrentTable currentTable(MeterRegistry meters) {
        CurrentTable table = new CurrentTable();
        Gauge.builder(
                        "holdfast.gateway.table.revision",
                        () -> table.get().revision().value())
                .description("The revision of the routing table in force")
                .register(meters);
        return table;
    }

    @Bean
    Ejections ejections(InstantSource clock, NanoClock nanoClock) {
        return new Ejections(clock, nanoClock);
    }

    @Bean
    GatewayMeters gatewayMeters(MeterRegistry meters) {
        return new GatewayMeters(meters);
    }

    @Bean
    NodeRecords nodeRecords(CurrentTable table, Ejections ejections) {
        return new NodeRecords(table, ejections);
    }

    @Bean
    ClusterForwardings clusterForwardings(
            CurrentTable table, Ejections ejections, NodeRecords nodes, NanoClock nanoClock) {
        return new ClusterForwardings(
                new ClusterLoadBalancer.Surroundings(table, ejections, nodes::outstanding, ThreadLocalRandom::current),
                nanoClock);
    }

    @Bean
    SnapshotFile snapshotFile(GatewaySettings settings) {
        return new SnapshotFile(settings.snapshotFile(), HoldfastJson.jsonMapper());
    }

    @Bean
    SnapshotKeeper snapshotKeeper(SnapshotFile file, InstantSource clock, MeterRegistry meters) {
        return new SnapshotKeeper(
                file,
                clock,
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("snapshot").daemon().factory()),
                meters);
    }

    /** Routes by what is on disk until the store answers, and by the store from then on. */
    @Bean(initMethod = "start")
    ClusterStateReplica clusterStateReplica(
            ClusterStateStore store, SnapshotFile file, TableUpdates updates, TcpPlane tcp, SnapshotKeeper keeper) {
        ClusterState start = updates.startFrom(file.read());
        tcp.accept(start);
        ClusterStateReplica replica = new ClusterStateReplica(
                store, start, Thread.ofPlatform().name("cluster-state").daemon().factory());
        replica.onChange(updates);
        replica.onChange(tcp);
        replica.onChange(keeper::keep);
        return replica;
    }

    @Bean
    TableUpdates tableUpdates(
            CurrentTable table,
            Ejections ejections,
            NodeRecords nodes,
            ClusterForwardings forwardings,
            GatewayMeters meters,
            HintSender hints) {
        return new TableUpdates(table, ejections, nodes, forwardings, meters, hints);
    }

    @Bean
    TryOutcomes tryOutcomes(
            CurrentTable table,
            Ejections ejections,
            HintSender hints,
            GatewayMeters meters,
            InstantSource clock,
            NanoClock nanoClock) {
        return new TryOutcomes(table, ejections, hints, meters, clock, nanoClock);
    }

    /** In the readiness group: a gateway without a table would only answer that there is no route. */
    @Bean
    HealthIndicator routingTable(CurrentTable table, ClusterStateReplica replica) {
        return () -> replica.inContact() || !table.get().revision().equals(Revision.NONE)
                ? Health.up().build()
                : Health.outOfService()
                        .withDetail("reason", "neither the store nor a snapshot has given a routing table yet")
                        .build();
    }
}
