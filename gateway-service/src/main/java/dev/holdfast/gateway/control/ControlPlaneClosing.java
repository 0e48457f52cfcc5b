package dev.holdfast.gateway.control;

import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Tells endless exchanges that the control plane closes, which would otherwise wait for their end. */
public final class ControlPlaneClosing implements ApplicationListener<ContextClosedEvent> {

    private final Sinks.Empty<Void> closing = Sinks.empty();

    /** Completes when the control plane begins to close. */
    public Mono<Void> signal() {
        return closing.asMono();
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        closing.tryEmitEmpty().orThrow();
    }
}
