package dev.holdfast.model.topology;

import static java.util.Objects.requireNonNullElse;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * Asked of a node with GET, on the node's own address, until it answers 200: only then does the node take traffic. Any
 * other answer means "not yet".
 *
 * @param path on the node
 * @param interval from one question to the next; default 1 s
 * @param timeout of one question; default 2 s
 */
public record SynchronisationHook(
        @NotNull
        @Size(max = 2048)
        @Pattern(regexp = "/[\\x21-\\x7e]*", message = "must start with a slash and hold no blanks")
        String path,

        @DurationMin(millis = 100) @DurationMax(hours = 1) Duration interval,
        @DurationMin(millis = 10) @DurationMax(minutes = 5) Duration timeout) {

    public SynchronisationHook {
        interval = requireNonNullElse(interval, Duration.ofSeconds(1));
        timeout = requireNonNullElse(timeout, Duration.ofSeconds(2));
    }
}
