package dev.holdfast.failover.primary;

import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.web.Idempotency;
import dev.holdfast.web.ProblemWriter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the API of primaries. */
@Configuration(proxyBeanMethods = false)
class PrimaryConfiguration {

    @Bean
    PrimaryAnswers primaryAnswers(ClusterStateStore store, Idempotency idempotency, ProblemWriter problems) {
        return new PrimaryAnswers(store, idempotency, problems);
    }
}
