package dev.holdfast.agent.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.isolation.IsolationDecider.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IsolationDeciderTest {

    private static final Duration ISOLATION = Duration.ofSeconds(10);

    private static final Duration CONFIRMATION = Duration.ofSeconds(2);

    private static final Duration LONG = Duration.ofSeconds(10);

    private static final Duration SHORT = Duration.ofSeconds(1);

    @Test
    void fencesOnlyWhenBothTheControlPlaneAndTheQuorumAreSilentForLong() {
        assertThat(awake(1, LONG, Optional.of(LONG))).isEqualTo(Step.FENCE);
        assertThat(awake(1, LONG, Optional.empty())).isEqualTo(Step.FENCE);
        assertThat(awake(1, SHORT, Optional.of(LONG))).isEqualTo(Step.GO_ON);
        assertThat(awake(1, LONG, Optional.of(SHORT))).isEqualTo(Step.GO_ON);
    }

    @Test
    void neverFencesAPrimaryThatWaitsForNobody() {
        assertThat(awake(0, LONG, Optional.empty())).isEqualTo(Step.GO_ON);
    }

    @Test
    void afterAFreezeAsksBeforeItJudgesByWhatItHeardBefore() {
        Duration justNow = Duration.ofMillis(10);
        assertThat(afterFreeze(justNow, LONG, Optional.empty(), false, false)).isEqualTo(Step.GO_ON);
    }

    @Test
    void afterAFreezeKeepsClientsOutUntilConfirmedAndFencesInTheEnd() {
        assertThat(afterFreeze(CONFIRMATION, LONG, Optional.empty(), false, false))
                .isEqualTo(Step.KEEP_CLIENTS_OUT);
        assertThat(afterFreeze(CONFIRMATION, LONG, Optional.empty(), false, true))
                .isEqualTo(Step.GO_ON);
        assertThat(afterFreeze(ISOLATION, LONG.plus(LONG), Optional.empty(), false, true))
                .isEqualTo(Step.FENCE);
    }

    @Test
    void isConfirmedByTheQuorumOrByAControlPlaneThatNamesItsEpoch() {
        assertThat(afterFreeze(CONFIRMATION, LONG, Optional.empty(), true, false))
                .isEqualTo(Step.CONFIRM);
        assertThat(afterFreeze(CONFIRMATION, SHORT, Optional.of(SHORT), false, false))
                .isEqualTo(Step.CONFIRM);
    }

    @Test
    void isNotConfirmedByWhatWasSaidBeforeTheFreezeOrNamesAnotherEpoch() {
        assertThat(afterFreeze(CONFIRMATION, LONG, Optional.of(LONG), false, false))
                .isEqualTo(Step.KEEP_CLIENTS_OUT);
        assertThat(afterFreeze(CONFIRMATION, SHORT, Optional.empty(), false, false))
                .isEqualTo(Step.KEEP_CLIENTS_OUT);
    }

    @Test
    void hearsAQuorumWhenSoManyHaveSaidSomethingNew() {
        StandbyReplies replies = StandbyReplies.NONE
                .seeing(Map.of("a", "1", "b", "1"), 100)
                .seeing(Map.of("a", "2", "b", "1"), 200)
                .seeing(Map.of("a", "2"), 300);

        assertThat(replies.quorumHeardAt(1, List.of("a", "b"))).contains(200L);
        assertThat(replies.quorumHeardAt(2, List.of("a", "b"))).contains(100L);
        assertThat(replies.quorumHeardAt(2, List.of("a", "c"))).isEmpty();
        assertThat(replies.silence("b", 300)).contains(Duration.ofNanos(200));
    }

    private static Step awake(int required, Duration control, Optional<Duration> quorum) {
        return IsolationDecider.decide(
                new PrimarySituation(required, control, Optional.empty(), quorum, Optional.empty(), false, false),
                ISOLATION,
                CONFIRMATION);
    }

    private static Step afterFreeze(
            Duration awake, Duration control, Optional<Duration> confirmed, boolean proven, boolean closed) {
        return IsolationDecider.decide(
                new PrimarySituation(
                        1, control, confirmed, Optional.of(Duration.ZERO), Optional.of(awake), proven, closed),
                ISOLATION,
                CONFIRMATION);
    }
}
