package dev.holdfast.health.notification;

import dev.holdfast.model.journal.EventType;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Who is told of what the journal states.
 *
 * @param webhooks default: none
 * @param timeout of one delivery
 * @param giveUpAfter how long a delivery is tried again before the event is left out, loudly
 */
@Validated
@ConfigurationProperties("holdfast.notifications")
public record NotificationSettings(
        @DefaultValue @Size(max = 20) List<@Valid Webhook> webhooks,

        @DefaultValue("5s") @DurationMin(millis = 100) @DurationMax(minutes = 1)
        Duration timeout,

        @DefaultValue("1h") @DurationMin(seconds = 1) @DurationMax(days = 7)
        Duration giveUpAfter) {

    public NotificationSettings {
        webhooks = List.copyOf(webhooks);
        Set<URI> urls = new HashSet<>();
        for (Webhook webhook : webhooks) {
            if (!urls.add(webhook.url())) {
                throw new IllegalArgumentException("holdfast.notifications.webhooks names " + webhook.host()
                        + " twice with the same URL; list all its events in one");
            }
        }
    }

    /**
     * One receiver.
     *
     * @param url where events are POSTed to; {@code http} or {@code https}. A {@code user:password@} in it is sent as basic
     *     authentication
     * @param secret signs what is sent; without one it goes unsigned
     * @param events the types that are sent; default: nodes that become healthy, unhealthy or unknown, observers lost or isolated
     */
    public record Webhook(
            @NotNull URI url,
            Optional<@Size(min = 8) String> secret,

            @DefaultValue({
                "NODE_BECAME_HEALTHY",
                "NODE_BECAME_UNHEALTHY",
                "NODE_HEALTH_BECAME_UNKNOWN",
                "OBSERVER_LOST",
                "OBSERVER_BECAME_ISOLATED"
            })
            Set<EventType> events) {

        public Webhook {
            if (url == null || url.getHost() == null || !Set.of("http", "https").contains(url.getScheme())) {
                throw new IllegalArgumentException(
                        "holdfast.notifications.webhooks[].url must be such as https://alerts.example.com/hook");
            }
            events = Set.copyOf(events);
        }

        /** Names this receiver's place in the journal. Made of the URL, which may be secret, so only of its hash. */
        String consumer() {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256")
                        .digest(url.toString().getBytes(StandardCharsets.UTF_8));
                return "webhook-" + HexFormat.of().formatHex(hash, 0, 8);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }

        /** For logs and metrics: the URL without its credentials, path and query, which may be secret. */
        String host() {
            return url.getScheme() + "://" + url.getHost() + (url.getPort() == -1 ? "" : ":" + url.getPort());
        }

        /** The user and password in the URL. */
        Optional<String> credentials() {
            return Optional.ofNullable(url.getUserInfo());
        }

        @Override
        public String toString() {
            return "Webhook[" + host() + ", " + events + "]";
        }
    }
}
