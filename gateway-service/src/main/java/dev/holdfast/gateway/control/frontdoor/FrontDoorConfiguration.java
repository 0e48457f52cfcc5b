package dev.holdfast.gateway.control.frontdoor;

import dev.holdfast.api.ServiceAddresses;
import dev.holdfast.gateway.control.ControlPlaneClosing;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.cloud.gateway.config.HttpClientCustomizer;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The routes of the front door, one for each service. They never change while the process runs. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ServiceAddresses.class, FrontDoorSettings.class})
public class FrontDoorConfiguration {

    @Bean
    RouteLocator frontDoor(ServiceAddresses addresses, FrontDoorSettings settings, ControlPlaneClosing closing) {
        List<Route> routes = Arrays.stream(Upstream.values())
                .map(upstream -> route(upstream, addresses, settings, closing.signal()))
                .toList();
        return () -> Flux.fromIterable(routes);
    }

    /** The client's own retry would send a change twice that a replica has perhaps carried out already. */
    @Bean
    HttpClientCustomizer noRetryBehindOurBack() {
        return client -> client.disableRetry(true);
    }

    private static Route route(
            Upstream upstream, ServiceAddresses addresses, FrontDoorSettings settings, Mono<Void> closing) {
        Replicas replicas = new Replicas(upstream.addresses(addresses), settings.avoidFailedFor(), System::nanoTime);
        // The address is only a name here: the replica filter puts a real one in its place.
        return Route.async()
                .id(upstream.service())
                .uri("http://" + upstream.service())
                .predicate(exchange -> Upstream.serving(exchange.getRequest()
                                .getPath()
                                .pathWithinApplication()
                                .value())
                        .filter(upstream::equals)
                        .isPresent())
                .filter(new RequestLimitsFilter(upstream, settings, closing))
                .filter(new ReplicaFilter(upstream, replicas, settings.perTryTimeout(), System::nanoTime))
                .build();
    }
}
