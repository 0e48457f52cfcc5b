package dev.holdfast.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.agent.probe.RoleProbe.Situation;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoleProbeTest {

    private static final Situation PRIMARY = new Situation(true, true, true, false, Optional.empty());

    private static final Situation REPLICA = new Situation(true, true, false, true, Optional.of(1000L));

    private static final Situation CUT_OFF = new Situation(true, true, false, false, Optional.empty());

    @Test
    void answersByRole() {
        assertThat(yes(PRIMARY, Optional.empty())).isEqualTo("PRIMARY READ_ONLY HEALTH LIVENESS READINESS");
        assertThat(yes(REPLICA, Optional.of(true))).isEqualTo("REPLICA READ_ONLY SYNC HEALTH LIVENESS READINESS");
        assertThat(yes(REPLICA, Optional.of(false))).isEqualTo("REPLICA READ_ONLY ASYNC HEALTH LIVENESS READINESS");
        assertThat(yes(REPLICA, Optional.empty())).isEqualTo("REPLICA READ_ONLY HEALTH LIVENESS READINESS");
        assertThat(yes(CUT_OFF, Optional.empty())).isEqualTo("HEALTH LIVENESS");
        assertThat(yes(new Situation(false, true, true, true, Optional.of(0L)), Optional.of(true)))
                .isEmpty();
    }

    @Test
    void aReplicaThatIsTooFarBehindOrDoesntKnowHowFarIsNone() {
        assertThat(RoleProbe.REPLICA.isYes(REPLICA, Optional.of(1000L), Optional.empty()))
                .isTrue();
        assertThat(RoleProbe.REPLICA.isYes(REPLICA, Optional.of(999L), Optional.empty()))
                .isFalse();
        Situation unknown = new Situation(true, true, false, true, Optional.empty());
        assertThat(RoleProbe.REPLICA.isYes(unknown, Optional.of(1L), Optional.empty()))
                .isFalse();
        assertThat(RoleProbe.REPLICA.isYes(unknown, Optional.empty(), Optional.empty()))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1048576, 1048576", "16kB, 16384", "10MB, 10485760", "1 GB, 1073741824"})
    void readsSizesAsPostgresqlWritesThem(String written, long bytes) {
        assertThat(LagLimit.parse(written)).hasValue(bytes);
    }

    @ParameterizedTest
    @CsvSource({"much", "-1", "10 XB", "999999999999999TB"})
    void knowsWhatIsNoSize(String written) {
        assertThat(LagLimit.parse(written)).isEmpty();
    }

    private static String yes(Situation situation, Optional<Boolean> synchronous) {
        return String.join(
                " ",
                Arrays.stream(RoleProbe.values())
                        .filter(probe -> probe.isYes(situation, Optional.empty(), synchronous))
                        .map(Enum::name)
                        .toList());
    }
}
