package dev.holdfast.agent.supervision;

import dev.holdfast.api.agent.PostgresRole;
import java.util.Optional;

/** Decides what the agent does by itself about a server that isn't as it should be. Never anything that makes a primary. */
final class NextStep {

    private NextStep() {}

    /** What is to be done. */
    enum Step {
        NOTHING,
        /** It runs though it is fenced. */
        STOP,
        /** A standby doesn't run. */
        START_STANDBY,
        /** A primary doesn't run: whoever starts it outside of the agent is to get a standby. */
        MARK_AS_STANDBY
    }

    /**
     * What is known.
     *
     * @param idle whether nothing is being done
     * @param role that was assigned; empty when none was
     * @param rested whether the pause since the last attempt is over
     */
    record Situation(
            boolean idle,
            boolean fenced,
            Optional<PostgresRole> role,
            boolean running,
            boolean markedAsStandby,
            boolean rested) {}

    static Step decide(Situation now) {
        if (!now.idle()) {
            return Step.NOTHING;
        }
        if (now.fenced()) {
            return now.running() && now.rested() ? Step.STOP : Step.NOTHING;
        }
        if (now.running() || now.role().isEmpty()) {
            return Step.NOTHING;
        }
        return switch (now.role().get()) {
            case STANDBY -> now.rested() ? Step.START_STANDBY : Step.NOTHING;
            case PRIMARY -> now.markedAsStandby() ? Step.NOTHING : Step.MARK_AS_STANDBY;
        };
    }
}
