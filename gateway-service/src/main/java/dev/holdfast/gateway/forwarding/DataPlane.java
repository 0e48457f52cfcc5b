package dev.holdfast.gateway.forwarding;

import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.gateway.DataPlaneLimits;
import dev.holdfast.gateway.GatewaySettings;
import dev.holdfast.gateway.NanoClock;
import dev.holdfast.gateway.activity.GatewayMeters;
import dev.holdfast.gateway.activity.NodeRecords;
import dev.holdfast.gateway.routing.CurrentTable;
import io.micrometer.observation.ObservationRegistry;
import io.netty.channel.ChannelOption;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.cloud.gateway.config.GatewayAutoConfiguration;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.socket.client.WebSocketClient;
import org.springframework.web.reactive.socket.server.WebSocketService;
import reactor.core.scheduler.Schedulers;
import reactor.netty.NettyPipeline;
import reactor.netty.http.HttpDecoderSpec;
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

    /** From one look for the connection pools of nodes that are gone to the next. */
    private static final Duration POOL_LOOK = Duration.ofMinutes(1);

    /** Without a connection for so long, a pool is given up; one for a node that is only quiet is made anew. */
    private static final Duration POOL_INACTIVITY = Duration.ofMinutes(5);

    @Bean
    ClusterWebFilter clusterWebFilter(
            FilteringWebHandler filters,
            CurrentTable table,
            ClusterForwardings forwardings,
            GatewaySettings settings,
            NanoClock nanoClock) {
        return new ClusterWebFilter(
                filters, table, forwardings, new ForwardedRequest.Measures(settings.limits(), nanoClock));
    }

    @Bean
    RequestLifecycle requestLifecycle(TryOutcomes outcomes, GatewayMeters meters, NanoClock nanoClock) {
        return new RequestLifecycle(outcomes, meters, nanoClock);
    }

    @Bean
    ForwardingFilter forwardingFilter(
            CurrentTable table,
            NodeRecords nodes,
            TryOutcomes outcomes,
            WebSocketForwarding webSockets,
            GatewayMeters meters,
            NanoClock nanoClock) {
        return new ForwardingFilter(table, nodes, outcomes, webSockets, meters, nanoClock, Schedulers.parallel());
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

    /** What users may send, and how long their connections may be silent. Comes after what Spring Boot sets itself. */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> userConnections(GatewaySettings settings) {
        DataPlaneLimits limits = settings.limits();
        RequestTarget requestTarget = new RequestTarget();
        return factory -> factory.addServerCustomizers(server -> server.idleTimeout(limits.clientIdle())
                .httpRequestDecoder(decoder -> sized(decoder, limits))
                .doOnChannelInit((observer, channel, remote) -> channel.pipeline()
                        .addAfter(NettyPipeline.HttpCodec, "holdfast.requestTarget", requestTarget)
                        .addAfter(
                                NettyPipeline.HttpCodec,
                                "holdfast.stalledAnswers",
                                new StalledAnswers(limits.answerIdle()))));
    }

    private static <T extends HttpDecoderSpec<T>> T sized(T decoder, DataPlaneLimits limits) {
        return decoder.maxInitialLineLength((int) limits.requestLine().toBytes())
                .maxHeaderSize((int) limits.headers().toBytes());
    }

    @Bean
    WebSocketForwarding webSocketForwarding(
            WebSocketClient nodeWebSockets,
            WebSocketService userWebSockets,
            List<HttpHeadersFilter> headersFilters,
            GatewaySettings settings) {
        return new WebSocketForwarding(
                nodeWebSockets,
                userWebSockets,
                headersFilters,
                settings.limits().webSocketHandshake(),
                Schedulers.parallel());
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
                .disposeInactivePoolsInBackground(POOL_LOOK, POOL_INACTIVITY)
                .lifo()
                .build();
    }

    /** The client's own retry would send a POST twice that a node has perhaps seen already. */
    @Bean
    HttpClient nodeClient(ConnectionProvider nodeConnections, GatewaySettings settings) {
        int connectMillis = Math.toIntExact(settings.upstream().connectTimeout().toMillis());
        return HttpClient.create(nodeConnections)
                .disableRetry(true)
                .httpResponseDecoder(decoder -> sized(decoder, settings.limits()))
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
                .option(ChannelOption.TCP_NODELAY, true);
    }
}
