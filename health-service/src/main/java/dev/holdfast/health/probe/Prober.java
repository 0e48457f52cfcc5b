package dev.holdfast.health.probe;

import dev.holdfast.model.health.ProbeResult;
import reactor.core.publisher.Mono;

/** Makes one check. */
@FunctionalInterface
public interface Prober {

    /**
     * Checks the target once when subscribed to. Never blocks, never fails: what goes wrong is the result. Ends within
     * the check's timeout.
     */
    Mono<ProbeResult> probe(CheckTarget target);
}
