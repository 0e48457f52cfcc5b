package dev.holdfast.api;

import dev.holdfast.model.health.ObserverId;
import java.time.Instant;

/** An observer as the API shows it. */
public record ObserverView(
        ObserverId id,
        String location,
        boolean live,
        boolean isolated,
        boolean votes,
        int declaredObservers,
        Instant heartbeatAt) {}
