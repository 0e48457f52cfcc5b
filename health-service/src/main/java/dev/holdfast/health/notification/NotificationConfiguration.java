package dev.holdfast.health.notification;

import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.health.observer.ObserverSettings;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.Leases;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Gives the notifications their webhooks, threads and sockets. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(NotificationSettings.class)
class NotificationConfiguration {

    /** What a replica may take beside one delivery, for the store, before another takes over from it. */
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(10);

    @Bean
    Notifications notifications(
            NotificationSettings settings,
            ClusterStateStore store,
            Leases leases,
            ObserverSettings observer,
            MeterRegistry meters) {
        HttpClient http = HttpClient.newBuilder()
                .connectTimeout(settings.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        WebhookSender sender = new WebhookSender(http, HoldfastJson.jsonMapper(), settings.timeout());
        List<WebhookDelivery> deliveries = settings.webhooks().stream()
                .map(webhook ->
                        new WebhookDelivery(webhook, store, sender, settings.giveUpAfter(), System::nanoTime, meters))
                .toList();
        return new Notifications(
                deliveries,
                store,
                leases,
                observer.id().value(),
                settings.timeout().plus(LEASE_MARGIN),
                Thread.ofVirtual().name("notifications-", 0).factory());
    }
}
