package dev.holdfast.region.retention;

import java.time.Duration;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long the store keeps what it doesn't need to go on.
 *
 * @param interval how often it is looked through
 * @param journal how long journal events stay
 * @param observations how long the history of the observers' opinions stays
 * @param answers how long an idempotency key is remembered
 * @param operations how long ended operations stay
 */
@ConfigurationProperties("holdfast.region.retention")
public record RetentionSettings(
        @DefaultValue("1h") Duration interval,
        @DefaultValue("30d") Duration journal,
        @DefaultValue("7d") Duration observations,
        @DefaultValue("24h") Duration answers,
        @DefaultValue("90d") Duration operations) {

    private static final Duration SHORTEST_INTERVAL = Duration.ofMinutes(1);

    public RetentionSettings {
        if (interval.compareTo(SHORTEST_INTERVAL) < 0) {
            throw new IllegalArgumentException("holdfast.region.retention.interval must be 1m or more");
        }
        if (!Stream.of(journal, observations, answers, operations).allMatch(Duration::isPositive)) {
            throw new IllegalArgumentException("every period of holdfast.region.retention must be longer than 0");
        }
    }
}
