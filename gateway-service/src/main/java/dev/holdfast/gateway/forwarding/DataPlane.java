package dev.holdfast.gateway.forwarding;

import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.gateway.GatewaySettings;
import dev.holdfast.gateway.NanoClock;
import dev.holdfast.gateway.activity.GatewayMeters;
import dev.holdfast.gateway.activity.NodeRecords;
import dev.holdfast.gateway.routing.CurrentTable;
import io.micrometer.observation.ObservationRegistry;
import io.netty.channel.ChannelOption;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.cloud.gateway.config.GatewayAutoConfiguration;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.context.annotation.Bean;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/**
 * The port that users' requests come in by. It serves what is imported here and nothing else: no actuator, no control
 * path.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({
    PropertyPlaceholderAutoConfiguration.class,
    LifecycleAutoConfiguration.class,
    NettyReactiveWebServerAutoConfiguration.class,
    HttpHandlerAutoConfiguration.class,
    WebFluxAutoConfiguration.class,
    GatewayAutoConfiguration.class
})
public class DataPlane {

    @Bean
    ClusterWebFilter clusterWebFilter(
            FilteringWebHandler filters, CurrentTable table, ClusterForwardings forwardings, NanoClock nanoClock) {
        return new ClusterWebFilter(filters, table, forwardings, nanoClock);
    }

    @Bean
    RequestLifecycle requestLifecycle(TryOutcomes outcomes, GatewayMeters meters, NanoClock nanoClock) {
        return new RequestLifecycle(outcomes, meters, nanoClock);
    }

    @Bean
    ForwardingFilter forwardingFilter(
            CurrentTable table, NodeRecords nodes, TryOutcomes outcomes, GatewayMeters meters, NanoClock nanoClock) {
        return new ForwardingFilter(table, nodes, outcomes, meters, nanoClock, Schedulers.parallel());
    }

    @Bean
    ClientAddressHeaders clientAddressHeaders() {
        return new ClientAddressHeaders();
    }

    @Bean
    ProblemAnswers problemAnswers() {
        return new ProblemAnswers(HoldfastJson.jsonMapper());
    }

    /** Traces are the users' own here: what they send is passed on, and nothing is added at a cost to every request. */
    @Bean
    ObservationRegistry dataPlaneObservations() {
        return ObservationRegistry.NOOP;
    }

    @Bean(destroyMethod = "dispose")
    ConnectionProvider nodeConnections(GatewaySettings settings) {
        GatewaySettings.Upstream upstream = settings.upstream();
        return ConnectionProvider.builder("nodes")
                .maxConnections(upstream.maxConnections())
                .pendingAcquireMaxCount(upstream.maxWaiting())
                .pendingAcquireTimeout(upstream.maxWait())
                .maxIdleTime(upstream.maxIdle())
                .evictInBackground(upstream.maxIdle())
                .lifo()
                .build();
    }

    /** The client's own retry would send a POST twice that a node has perhaps seen already. */
    @Bean
    HttpClient nodeClient(ConnectionProvider nodeConnections, GatewaySettings settings) {
        int connectMillis = Math.toIntExact(settings.upstream().connectTimeout().toMillis());
        return HttpClient.create(nodeConnections)
                .disableRetry(true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
                .option(ChannelOption.TCP_NODELAY, true);
    }
}
