package dev.holdfast.gateway;

import dev.holdfast.api.ServiceAddresses;
import dev.holdfast.api.access.AccessSettings;
import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.gateway.hints.HintSender;
import dev.holdfast.gateway.hints.HintSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** The calls to the observers. Without a service token there are none: nobody would take them. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ServiceAddresses.class, AccessSettings.class})
class HintConfiguration {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final int CONNECTIONS = 16;

    @Bean(destroyMethod = "dispose")
    ConnectionProvider observerConnections() {
        return ConnectionProvider.builder("observers")
                .maxConnections(CONNECTIONS)
                .pendingAcquireTimeout(TIMEOUT)
                .maxIdleTime(Duration.ofSeconds(4))
                .build();
    }

    @Bean
    HintSender hintSender(
            ServiceAddresses services,
            AccessSettings access,
            ConnectionProvider observerConnections,
            MeterRegistry meters,
            NanoClock nanoClock) {
        HintSettings settings = access.serviceToken()
                .map(token -> new HintSettings(services.health(), token, TIMEOUT, INTERVAL))
                .orElseGet(() -> HintSettings.NONE);
        return new HintSender(
                settings, HttpClient.create(observerConnections), HoldfastJson.jsonMapper(), meters, nanoClock);
    }
}
