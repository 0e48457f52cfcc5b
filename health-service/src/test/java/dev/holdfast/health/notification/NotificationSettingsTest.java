package dev.holdfast.health.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.health.notification.NotificationSettings.Webhook;
import dev.holdfast.model.journal.EventType;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;

/** Pins the names and defaults of what an operator configures. */
class NotificationSettingsTest {

    private static final String FIRST = "holdfast.notifications.webhooks[0].";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ConfigurationPropertiesAutoConfiguration.class, ValidationAutoConfiguration.class))
            .withUserConfiguration(Wiring.class);

    @EnableConfigurationProperties(NotificationSettings.class)
    static class Wiring {}

    @Test
    void nobodyIsToldByDefault() {
        runner.run(context -> {
            NotificationSettings settings = context.getBean(NotificationSettings.class);
            assertThat(settings.webhooks()).isEmpty();
            assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(5));
            assertThat(settings.giveUpAfter()).isEqualTo(Duration.ofHours(1));
        });
    }

    @Test
    void aWebhookNeedsOnlyAUrl() {
        runner.withPropertyValues(FIRST + "url=https://me:password@alerts.example.com/hook?key=1")
                .run(context -> {
                    Webhook webhook = context.getBean(NotificationSettings.class)
                            .webhooks()
                            .getFirst();
                    assertThat(webhook.secret()).isEmpty();
                    assertThat(webhook.events())
                            .containsExactlyInAnyOrder(
                                    EventType.NODE_BECAME_HEALTHY,
                                    EventType.NODE_BECAME_UNHEALTHY,
                                    EventType.NODE_HEALTH_BECAME_UNKNOWN,
                                    EventType.OBSERVER_LOST,
                                    EventType.OBSERVER_BECAME_ISOLATED);
                    assertThat(webhook.host()).isEqualTo("https://alerts.example.com");
                    assertThat(webhook.toString()).doesNotContain("key=1", "password");
                });
    }

    @Test
    void everySettingHasItsName() {
        runner.withPropertyValues(
                        FIRST + "url=http://127.0.0.1:9/x",
                        FIRST + "secret=long enough",
                        FIRST + "events=OPERATION_FAILED",
                        "holdfast.notifications.timeout=2s",
                        "holdfast.notifications.give-up-after=10m")
                .run(context -> {
                    NotificationSettings settings = context.getBean(NotificationSettings.class);
                    assertThat(settings.webhooks())
                            .containsExactly(new Webhook(
                                    URI.create("http://127.0.0.1:9/x"),
                                    Optional.of("long enough"),
                                    Set.of(EventType.OPERATION_FAILED)));
                    assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(2));
                    assertThat(settings.giveUpAfter()).isEqualTo(Duration.ofMinutes(10));
                });
    }

    @Test
    void whatIsNoUrlOrIsNamedTwiceIsRefused() {
        refuses("url must be such as https://alerts.example.com/hook", FIRST + "url=file:///etc/passwd");
        refuses("url must be such as https://alerts.example.com/hook", FIRST + "secret=long enough");
        refuses(
                "names http://a.example twice with the same URL",
                FIRST + "url=http://me:password@a.example/x",
                "holdfast.notifications.webhooks[1].url=http://me:password@a.example/x");
    }

    private void refuses(String reason, String... properties) {
        runner.withPropertyValues(properties)
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining(reason)
                        .hasMessageNotContaining("password"));
    }
}
