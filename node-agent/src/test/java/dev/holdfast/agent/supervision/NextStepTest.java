package dev.holdfast.agent.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.supervision.NextStep.Situation;
import dev.holdfast.agent.supervision.NextStep.Step;
import dev.holdfast.api.agent.PostgresRole;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NextStepTest {

    private static final Optional<PostgresRole> PRIMARY = Optional.of(PostgresRole.PRIMARY);

    private static final Optional<PostgresRole> STANDBY = Optional.of(PostgresRole.STANDBY);

    @Test
    void startsAStandbyThatDoesntRun() {
        assertThat(NextStep.decide(new Situation(true, false, STANDBY, false, true, true)))
                .isEqualTo(Step.START_STANDBY);
        assertThat(NextStep.decide(new Situation(true, false, STANDBY, false, true, false)))
                .isEqualTo(Step.NOTHING);
    }

    @Test
    void neverStartsAPrimaryAndSeesToItThatNobodyElseDoes() {
        assertThat(NextStep.decide(new Situation(true, false, PRIMARY, false, false, true)))
                .isEqualTo(Step.MARK_AS_STANDBY);
        assertThat(NextStep.decide(new Situation(true, false, PRIMARY, false, true, true)))
                .isEqualTo(Step.NOTHING);
    }

    @Test
    void neverStartsAFencedServerAndStopsOneThatRuns() {
        assertThat(NextStep.decide(new Situation(true, true, STANDBY, false, true, true)))
                .isEqualTo(Step.NOTHING);
        assertThat(NextStep.decide(new Situation(true, true, PRIMARY, true, true, true)))
                .isEqualTo(Step.STOP);
    }

    @Test
    void leavesAloneWhatIsBeingSeenToAndWhatNobodyGaveARole() {
        assertThat(NextStep.decide(new Situation(false, true, PRIMARY, true, false, true)))
                .isEqualTo(Step.NOTHING);
        assertThat(NextStep.decide(new Situation(true, false, Optional.empty(), false, false, true)))
                .isEqualTo(Step.NOTHING);
        assertThat(NextStep.decide(new Situation(true, false, PRIMARY, true, false, true)))
                .isEqualTo(Step.NOTHING);
    }
}
