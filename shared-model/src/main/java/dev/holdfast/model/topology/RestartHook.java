package dev.holdfast.model.topology;

import static java.util.Objects.requireNonNullElse;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * Called with POST and a JSON body {@code {"operation", "cluster", "node", "address"}} to restart one node. 200 and 204
 * mean that the old process has ended; 202 that the restart has begun, and the hook is asked again, with the same {@code
 * Idempotency-Key}, until the old process has ended.
 *
 * @param url http or https, without user, password and query; {@code {node}} in it is replaced by the node's id
 * @param timeout of one call; default 60 s
 * @param authorization the value of the header {@code Authorization}, such as {@code "Bearer …"}; a secret
 */
public record RestartHook(
        @NotNull
        @Size(max = 2048)
        @Pattern(regexp = "https?://[\\x21-\\x7e]+", message = "must be an http or https URL")
        String url,

        @DurationMin(millis = 100) @DurationMax(hours = 1) Duration timeout,

        Optional<
                        @Size(max = 4096)
                        @Pattern(
                                regexp = "[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?",
                                message = "must be visible ASCII, such as \"Bearer TOKEN\"")
                        String>
                authorization) {

    /** Stands for a secret wherever one would be shown; in a declaration it means the secret that is stored. */
    public static final String HIDDEN = "***";

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public RestartHook {
        timeout = requireNonNullElse(timeout, Duration.ofSeconds(60));
        authorization = requireNonNullElse(authorization, Optional.empty());
    }

    /** The hook as it may be shown to anyone. */
    public RestartHook withHiddenSecret() {
        return withAuthorization(authorization.map(secret -> HIDDEN));
    }

    public RestartHook withAuthorization(Optional<String> value) {
        return new RestartHook(url, timeout, value);
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
        return "RestartHook[url=" + url + ", timeout=" + timeout + "]";
    }
}
