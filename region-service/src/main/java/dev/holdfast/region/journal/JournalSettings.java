package dev.holdfast.region.journal;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the journal is streamed.
 *
 * @param heartbeat how often a stream without events shows that it lives
 * @param maxStreams how many clients one replica serves at once
 * @param maxStreamDuration after which a stream ends; its client resumes where it was
 */
@ConfigurationProperties("holdfast.region.journal")
public record JournalSettings(
        @DefaultValue("15s") Duration heartbeat,
        @DefaultValue("100") int maxStreams,
        @DefaultValue("1h") Duration maxStreamDuration) {

    public JournalSettings {
        if (!heartbeat.isPositive() || !maxStreamDuration.isPositive()) {
            throw new IllegalArgumentException(
                    "holdfast.region.journal.heartbeat and .max-stream-duration must be longer than 0");
        }
        if (maxStreams < 1) {
            throw new IllegalArgumentException("holdfast.region.journal.max-streams must be 1 or more");
        }
    }
}
