package dev.holdfast.health.observer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.model.health.ObserverId;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;

/** Pins the names and defaults of what an operator configures. */
class SettingsTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ConfigurationPropertiesAutoConfiguration.class, ValidationAutoConfiguration.class))
            .withUserConfiguration(Wiring.class);

    @EnableConfigurationProperties({ObserverSettings.class, IsolationDetection.class})
    static class Wiring {}

    @Test
    void onlyTheIdHasNoDefault() {
        runner.withPropertyValues("holdfast.health.observer.id=health-1").run(context -> {
            assertThat(context.getBean(ObserverSettings.class))
                    .isEqualTo(new ObserverSettings(new ObserverId("health-1"), "unknown", 1));
            assertThat(context.getBean(IsolationDetection.class))
                    .isEqualTo(new IsolationDetection(Duration.ofSeconds(10), 3));
        });
    }

    @Test
    void everySettingHasItsName() {
        runner.withPropertyValues(
                        "holdfast.health.observer.id=health-2",
                        "holdfast.health.observer.location=eu-1/a",
                        "holdfast.health.observer.declared=3",
                        "holdfast.health.isolation.window=20s",
                        "holdfast.health.isolation.minimum-targets=5")
                .run(context -> {
                    assertThat(context.getBean(ObserverSettings.class))
                            .isEqualTo(new ObserverSettings(new ObserverId("health-2"), "eu-1/a", 3));
                    assertThat(context.getBean(IsolationDetection.class))
                            .isEqualTo(new IsolationDetection(Duration.ofSeconds(20), 5));
                });
    }

    @Test
    void aMissingIdAnEvenNumberOfObserversAndAHostileNameAreRefused() {
        runner.run(context -> assertThat(context).hasFailed());
        runner.withPropertyValues("holdfast.health.observer.id=health-1", "holdfast.health.observer.declared=2")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("declared must be odd, such as 1, 3 or 5"));
        assertThatThrownBy(() -> new ObserverId("../x")).isInstanceOf(IllegalArgumentException.class);
    }
}
