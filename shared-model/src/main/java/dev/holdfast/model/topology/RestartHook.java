package dev.holdfast.model.topology;

import static java.util.Objects.requireNonNullElse;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * Called with POST and a JSON body {@code {"operation", "cluster", "node", "address"}} to restart one node. 200 and 204
 * mean that the old process has ended; 202 that the restart has begun, and the hook is asked again, with the same {@code
 * Idempotency-Key}, until the old process has ended.
 *
 * @param url http or https; {@code {node}} in it is replaced by the node's id
 * @param timeout of the call; default 60 s
 */
public record RestartHook(
        @NotNull
        @Size(max = 2048)
        @Pattern(regexp = "https?://[\\x21-\\x7e]+", message = "must be an http or https URL")
        String url,

        @DurationMin(millis = 100) @DurationMax(hours = 1) Duration timeout) {

    public RestartHook {
        timeout = requireNonNullElse(timeout, Duration.ofSeconds(60));
    }
}
