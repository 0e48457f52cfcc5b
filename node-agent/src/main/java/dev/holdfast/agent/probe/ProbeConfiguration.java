package dev.holdfast.agent.probe;

import dev.holdfast.agent.order.OrderDesk;
import dev.holdfast.agent.postgres.PostgresEngine;
import java.util.function.LongSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;

/** Lets everybody probe: load balancers have no tokens. */
@Configuration(proxyBeanMethods = false)
class ProbeConfiguration {

    private static final String[] PATHS = {
        "/primary",
        "/leader",
        "/read-write",
        "/replica",
        "/read-only",
        "/sync",
        "/synchronous",
        "/async",
        "/asynchronous",
        "/health",
        "/liveness",
        "/readiness"
    };

    @Bean
    @Order(0)
    SecurityFilterChain probes(HttpSecurity http) throws Exception {
        return http.securityMatcher(PATHS)
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .build();
    }

    @Bean
    SynchronousState synchronousState(PostgresEngine engine, OrderDesk desk, LongSupplier nanoClock) {
        return new SynchronousState(engine, desk, nanoClock);
    }
}
