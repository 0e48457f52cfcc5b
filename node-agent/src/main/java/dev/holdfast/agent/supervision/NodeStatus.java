package dev.holdfast.agent.supervision;

import dev.holdfast.agent.isolation.StandbyReplies;
import dev.holdfast.agent.postgres.Observation;
import dev.holdfast.api.agent.PostgresState;
import java.util.Optional;

/**
 * What the last look at the node showed.
 *
 * @param at on the monotonic clock
 * @param detail why the state is what it is, for people; empty when there is nothing to say
 * @param seen empty when the server didn't answer
 */
public record NodeStatus(
        long at, PostgresState state, Optional<String> detail, Optional<Observation> seen, StandbyReplies replies) {

    static NodeStatus unknown(long at) {
        return new NodeStatus(at, PostgresState.STOPPED, Optional.empty(), Optional.empty(), StandbyReplies.NONE);
    }
}
