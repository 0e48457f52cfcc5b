package dev.holdfast.region.journal;

import dev.holdfast.model.store.ClusterStateStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(JournalSettings.class)
class JournalConfiguration {

    @Bean
    JournalStreams journalStreams(ClusterStateStore store, JournalSettings settings) {
        return new JournalStreams(
                store, settings, Thread.ofVirtual().name("journal-stream-", 0).factory(), System::nanoTime);
    }

    @Bean
    MeterBinder journalStreamCount(JournalStreams streams) {
        return registry -> Gauge.builder("holdfast.journal.streams", streams, JournalStreams::count)
                .description("Clients that follow the journal on this replica")
                .register(registry);
    }
}
