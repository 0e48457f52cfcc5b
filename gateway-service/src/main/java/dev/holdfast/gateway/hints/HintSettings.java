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

    public HintSettings {
        observers = List.copyOf(observers);
    }
}
