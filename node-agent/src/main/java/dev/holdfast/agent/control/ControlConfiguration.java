package dev.holdfast.agent.control;

import dev.holdfast.agent.order.OrderDesk;
import dev.holdfast.agent.postgres.PostgresEngine;
import dev.holdfast.agent.supervision.Guard;
import dev.holdfast.agent.supervision.Wakefulness;
import dev.holdfast.api.agent.PostgresState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what the agent tells about itself. */
@Configuration(proxyBeanMethods = false)
class ControlConfiguration {

    @Bean
    Reports reports(
            PostgresEngine engine, OrderDesk desk, Guard guard, Wakefulness wakefulness, LongSupplier nanoClock) {
        return new Reports(
                engine, desk, guard, wakefulness, nanoClock, UUID.randomUUID().toString());
    }

    @Bean
    MeterBinder agentMeters(OrderDesk desk, Guard guard, Wakefulness wakefulness) {
        return registry -> {
            Gauge.builder(
                            "holdfast.agent.epoch",
                            desk,
                            each -> each.record().accepted().epoch())
                    .description("The epoch that the node is in")
                    .register(registry);
            Gauge.builder("holdfast.agent.freezes", wakefulness, Wakefulness::freezes)
                    .description("How often the agent found that it, or its clocks, had been stopped or moved")
                    .register(registry);
            for (PostgresState state : PostgresState.values()) {
                Gauge.builder(
                                "holdfast.agent.postgres",
                                guard,
                                each -> each.status().state() == state ? 1 : 0)
                        .description("1 for the state that PostgreSQL is in, 0 for the others")
                        .tag("state", state.name().toLowerCase(Locale.ROOT))
                        .register(registry);
            }
        };
    }
}
