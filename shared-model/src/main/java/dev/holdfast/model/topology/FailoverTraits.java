package dev.holdfast.model.topology;

import java.util.Optional;

/**
 * What counts when a primary is chosen among the nodes of an active-passive cluster.
 *
 * @param agent where the node's agent answers; required of a PostgreSQL node
 * @param priority the higher, the rather it is promoted, 0 to 1000
 * @param nofailover it is never promoted
 */
public record FailoverTraits(Optional<Endpoint> agent, int priority, boolean nofailover) {

    public static final int DEFAULT_PRIORITY = 100;

    public static final int MAX_PRIORITY = 1000;

    public static final FailoverTraits DEFAULT = new FailoverTraits(Optional.empty(), DEFAULT_PRIORITY, false);

    public FailoverTraits {
        if (priority < 0 || priority > MAX_PRIORITY) {
            throw new IllegalArgumentException("a priority is between 0 and " + MAX_PRIORITY + ", not " + priority);
        }
    }
}
