package dev.holdfast.gateway.tcp.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.replication.PrimaryRecord;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FollowedPrimaryTest {

    private static PrimaryRecord record(long epoch, long step, String primary) {
        return PostgresCluster.record(new OrderNumber(epoch, step), primary, FailoverPhase.STEADY, true, Set.of());
    }

    private static FollowedPrimary following(PrimaryRecord record) {
        return FollowedPrimary.NONE.next(PostgresCluster.stored(record));
    }

    @Test
    void followsANewerEpochAndANewerStepOfTheSameEpoch() {
        FollowedPrimary first = following(record(3, 30, "n1"));
        assertThat(first.next(PostgresCluster.stored(record(4, 31, "n2"))).record())
                .contains(record(4, 31, "n2"));
        assertThat(first.next(PostgresCluster.stored(record(3, 31, "n1"))).record())
                .contains(record(3, 31, "n1"));
    }

    @Test
    void keepsWhatItHoldsWhenTheStoreGoesBackToAnOlderEpoch() {
        FollowedPrimary held = following(record(3, 30, "n1"));
        assertThat(held.next(PostgresCluster.stored(record(2, 29, "n2")))).isEqualTo(held);
        assertThat(held.next(PostgresCluster.stored(record(3, 29, "n2")))).isEqualTo(held);
        assertThat(held.isAheadOf(PostgresCluster.stored(record(2, 29, "n2")))).isTrue();
        assertThat(held.isAheadOf(PostgresCluster.stored(record(3, 30, "n1")))).isFalse();
    }

    @Test
    void beginsAnewWithAClusterThatWasDeclaredAgain() {
        FollowedPrimary held = following(record(9, 90, "n1"));
        assertThat(held.next(Optional.empty())
                        .next(PostgresCluster.stored(record(1, 1, "n2")))
                        .record())
                .contains(record(1, 1, "n2"));
    }

    @Property(tries = 300)
    void neverGoesBackWhileThereIsAPrimary(
            @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 6) Integer> epochs,
            @ForAll @IntRange(max = 3) int steps) {
        FollowedPrimary held = FollowedPrimary.NONE;
        long highest = 0;
        for (int epoch : epochs) {
            held = held.next(PostgresCluster.stored(record(epoch, epoch + steps, "n" + epoch)));
            highest = Math.max(highest, epoch);
            assertThat(held.record().orElseThrow().number().epoch()).isEqualTo(highest);
        }
    }
}
