package dev.holdfast.gateway.hints;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Where hints go.
 *
 * @param observers base URLs of all health-service replicas
 * @param serviceToken the bearer token that this service calls others with
 * @param timeout of one call
 * @param interval between two hints about one node
 */
public record HintSettings(List<URI> observers, String serviceToken, Duration timeout, Duration interval) {

    /** Nobody is told anything. */
    public static final HintSettings NONE =
            new HintSettings(List.of(), "", Duration.ofSeconds(1), Duration.ofSeconds(1));

    public HintSettings {
        observers = List.copyOf(observers);
    }
}
