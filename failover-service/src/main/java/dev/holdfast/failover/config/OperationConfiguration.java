package dev.holdfast.failover.config;

import dev.holdfast.api.GatewayNodesApi;
import dev.holdfast.api.NodeProbeApi;
import dev.holdfast.api.NodesApi;
import dev.holdfast.api.ServiceAddresses;
import dev.holdfast.api.access.AccessSettings;
import dev.holdfast.failover.client.HttpClients;
import dev.holdfast.failover.client.NodeChecks;
import dev.holdfast.failover.client.NodeOrders;
import dev.holdfast.failover.client.RestartHooks;
import dev.holdfast.failover.operation.Limits;
import dev.holdfast.failover.runner.ActionRunner;
import dev.holdfast.failover.runner.OperationLoop;
import dev.holdfast.failover.runner.OperationMetrics;
import dev.holdfast.failover.runner.OperationRunner;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.Leases;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.client.RestClient;

/** Wires the running of operations. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({OperationSettings.class, ServiceAddresses.class, AccessSettings.class})
class OperationConfiguration {

    @Bean
    Limits operationLimits(OperationSettings settings) {
        return settings.limits();
    }

    /** One virtual thread for each call; the running steps of all operations bound how many there are. */
    @Bean(destroyMethod = "shutdownNow")
    ExecutorService operationCalls() {
        return Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("operation-call-", 0).factory());
    }

    @Bean
    OperationMetrics operationMetrics(MeterRegistry registry) {
        return new OperationMetrics(registry);
    }

    @Bean
    ActionRunner actionRunner(
            RestClient.Builder builder,
            OperationSettings settings,
            ServiceAddresses addresses,
            AccessSettings access,
            ExecutorService operationCalls,
            OperationMetrics metrics) {
        HttpClients clients = new HttpClients(builder, settings.connectTimeout(), access.serviceToken());
        Map<String, GatewayNodesApi> gateways = new HashMap<>();
        for (URI gateway : addresses.gateways()) {
            gateways.put(gateway.toString(), clients.service(GatewayNodesApi.class, gateway, settings.callTimeout()));
        }
        return new ActionRunner(
                new ActionRunner.Remote(
                        new NodeOrders(clients.replicas(NodesApi.class, addresses.region(), settings.callTimeout())),
                        new NodeChecks(checkTimeout -> clients.replicas(
                                NodeProbeApi.class, addresses.health(), checkTimeout.plus(settings.callTimeout()))),
                        gateways,
                        new RestartHooks(clients::plain)),
                settings.timings(),
                operationCalls,
                System::nanoTime,
                metrics);
    }

    @Bean
    OperationRunner operationRunner(
            ClusterStateStore store,
            Leases leases,
            ActionRunner actions,
            OperationSettings settings,
            OperationMetrics metrics) {
        return new OperationRunner(
                new OperationRunner.SharedState(store, leases),
                actions,
                settings.limits(),
                settings.timings(),
                "failover-service " + UUID.randomUUID(),
                System::nanoTime,
                metrics);
    }

    @Bean(initMethod = "start")
    OperationLoop operationLoop(ClusterStateStore store, OperationRunner runner, OperationSettings settings) {
        return new OperationLoop(
                store,
                runner,
                settings.timings(),
                Thread.ofPlatform().name("operations").factory());
    }
}
