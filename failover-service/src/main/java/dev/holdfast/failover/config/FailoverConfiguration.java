package dev.holdfast.failover.config;

import dev.holdfast.api.access.AccessSettings;
import dev.holdfast.api.agent.AgentApi;
import dev.holdfast.failover.agent.AgentCalls;
import dev.holdfast.failover.agent.AgentSurvey;
import dev.holdfast.failover.client.HttpClients;
import dev.holdfast.failover.primary.FailoverDesk;
import dev.holdfast.failover.primary.PrimaryLoop;
import dev.holdfast.failover.primary.PrimaryRunner;
import dev.holdfast.failover.report.FailoverMetrics;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.Leases;
import dev.holdfast.model.topology.Endpoint;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/** Wires the keeping of primaries. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({FailoverSettings.class, AccessSettings.class})
class FailoverConfiguration {

    @Bean
    AgentCalls agentCalls(RestClient.Builder builder, FailoverSettings settings, AccessSettings access) {
        HttpClients clients = new HttpClients(builder, settings.connectTimeout(), access.serviceToken());
        Map<Endpoint, AgentApi> agents = new ConcurrentHashMap<>();
        return address -> agents.computeIfAbsent(
                address, at -> clients.service(AgentApi.class, URI.create("http://" + at), settings.answerTimeout()));
    }

    /** One virtual thread for each order under way; the nodes of all clusters bound how many there are. */
    @Bean(destroyMethod = "shutdownNow")
    ExecutorService agentOrders() {
        return Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("agent-order-", 0).factory());
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    ClusterStateReplica clusterStateReplica(ClusterStateStore store) {
        return new ClusterStateReplica(
                store,
                ClusterState.EMPTY,
                Thread.ofPlatform().name("cluster-state").daemon().factory());
    }

    @Bean
    FailoverDesk failoverDesk(ClusterStateStore store, AgentCalls agentCalls) {
        return new FailoverDesk(store, new AgentSurvey(agentCalls, System::nanoTime));
    }

    @Bean
    FailoverMetrics failoverMetrics(MeterRegistry registry, ClusterStateStore store) {
        return new FailoverMetrics(registry, store);
    }

    @Bean(initMethod = "start")
    PrimaryLoop primaryLoop(
            ClusterStateStore store,
            Leases leases,
            ClusterStateReplica replica,
            AgentCalls agentCalls,
            ExecutorService agentOrders,
            FailoverMetrics failoverMetrics,
            FailoverSettings settings) {
        return new PrimaryLoop(
                new PrimaryRunner.SharedState(store, leases, replica),
                agentCalls,
                agentOrders,
                settings.timings(),
                new PrimaryRunner.Self("failover-service " + UUID.randomUUID(), System::nanoTime, failoverMetrics),
                Thread.ofPlatform().name("primaries").factory());
    }
}
