package dev.holdfast.agent.probe;

import java.util.Optional;

/** The questions that load balancers ask, and when the answer is yes. */
enum RoleProbe {
    /** Takes writes. */
    PRIMARY,
    /** A standby that streams, within the lag that was asked for. */
    REPLICA,
    /** Either of the two. */
    READ_ONLY,
    /** A standby that commits wait for, or may wait for. */
    SYNC,
    /** A standby that no commit waits for. */
    ASYNC,
    /** PostgreSQL answers. */
    HEALTH,
    /** The agent does its work. */
    LIVENESS,
    /** PostgreSQL takes the connections that it is there for. */
    READINESS;

    /**
     * What is known of the node.
     *
     * @param alive whether the agent has looked at the node lately
     * @param answers whether PostgreSQL answers
     * @param primary whether it is out of recovery, and the agent knows of nothing against its being the primary
     * @param streaming whether it is a standby that streams
     * @param lagBytes empty when it isn't known
     */
    record Situation(boolean alive, boolean answers, boolean primary, boolean streaming, Optional<Long> lagBytes) {}

    /** Whether the answer depends on what the upstream says. */
    boolean asksForSynchronousState() {
        return this == SYNC || this == ASYNC;
    }

    /**
     * The answer.
     *
     * @param maximumLag in bytes; empty for any
     * @param synchronous whether the upstream counts this standby as synchronous; empty when it isn't known
     */
    boolean isYes(Situation now, Optional<Long> maximumLag, Optional<Boolean> synchronous) {
        if (!now.alive()) {
            return false;
        }
        boolean replica = now.streaming()
                && (maximumLag.isEmpty()
                        || now.lagBytes().filter(lag -> lag <= maximumLag.get()).isPresent());
        return switch (this) {
            case PRIMARY -> now.primary();
            case REPLICA -> replica;
            case READ_ONLY, READINESS -> now.primary() || replica;
            case SYNC -> replica && synchronous.orElse(false);
            case ASYNC -> replica && !synchronous.orElse(true);
            case HEALTH -> now.answers();
            case LIVENESS -> true;
        };
    }
}
