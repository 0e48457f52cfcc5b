package dev.holdfast.gateway.tcp;

import dev.holdfast.model.topology.Endpoint;
import java.util.function.Consumer;

/** Asks agents whether their standbys lag. */
interface LagProbe {

    /**
     * Asks once; returns at once.
     *
     * @param maximumLag in bytes of the log
     * @param withinLag gets whether the node is a standby that lags no further, within the probe's timeout; false when the
     *     agent doesn't answer
     */
    void ask(Endpoint agent, long maximumLag, Consumer<Boolean> withinLag);
}
