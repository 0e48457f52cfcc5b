package dev.holdfast.gateway;

import dev.holdfast.gateway.hints.HintSender;
import dev.holdfast.gateway.tcp.TcpPlane;
import dev.holdfast.gateway.tcp.TcpSettings;
import dev.holdfast.gateway.tcp.route.ListenerPlan.Unserved;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** The TCP listeners. They are open before the planes of HTTP are, and follow the same state. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TcpSettings.class)
class TcpConfiguration {

    @Bean
    TcpPlane tcpPlane(
            TcpSettings settings,
            GatewaySettings gateway,
            MeterRegistry meters,
            HintSender hints,
            NanoClock nanoClock) {
        return new TcpPlane(
                settings,
                Set.copyOf(List.of(gateway.dataPort(), gateway.controlPort())),
                new TcpPlane.Surroundings(meters, node -> hints.failed(node, "refused"), nanoClock));
    }

    /** New connections go to other gateways while this one lets its requests end. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    ApplicationListener<ContextClosedEvent> tcpAcceptingEnds(TcpPlane tcp) {
        return event -> tcp.stopAccepting();
    }

    /** Not in the readiness group: one port that is taken must not keep users from all the others. */
    @Bean
    HealthIndicator tcpListeners(TcpPlane tcp) {
        return () -> {
            List<Unserved> unserved = tcp.unserved();
            return unserved.isEmpty()
                    ? Health.up().build()
                    : Health.outOfService()
                            .withDetail(
                                    "unserved",
                                    unserved.stream()
                                            .map(TcpConfiguration::description)
                                            .toList())
                            .build();
        };
    }

    private static String description(Unserved unserved) {
        return unserved.listener() + ", port " + unserved.port() + ": " + unserved.reason();
    }
}
