package dev.holdfast.failover.command;

import dev.holdfast.failover.operation.Limits;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.web.Idempotency;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the API of operations. */
@Configuration(proxyBeanMethods = false)
class CommandConfiguration {

    @Bean
    OperationDesk operationDesk(Limits limits) {
        return new OperationDesk(limits, UUID::randomUUID);
    }

    @Bean
    OperationAnswers operationAnswers(ClusterStateStore store, Idempotency idempotency) {
        return new OperationAnswers(store, idempotency);
    }
}
