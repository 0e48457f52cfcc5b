package dev.holdfast.region.journal;

import dev.holdfast.model.store.ClusterStateStore;
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
}
