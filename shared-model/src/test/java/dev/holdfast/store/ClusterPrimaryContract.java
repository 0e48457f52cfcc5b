package dev.holdfast.store;

import static dev.holdfast.store.StoreFixtures.SOME_TIME;
import static dev.holdfast.store.StoreFixtures.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.replication.Handover;
import dev.holdfast.model.replication.PauseEverywhere;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.replication.Refusal;
import dev.holdfast.model.replication.ScheduledSwitchover;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.ClusterStateReplica;
import dev.holdfast.model.store.StaleVersionException;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.NodeRole;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every store promises about the primaries of clusters. */
abstract class ClusterPrimaryContract extends CoordinationContract {

    private static final NodeId NODE_2 = new NodeId("node-2");

    private static final ScheduledSwitchover SCHEDULED =
            new ScheduledSwitchover(SOME_TIME, NODE_1, Optional.of(NODE_2), "me", "new kernel");

    private static ClusterPrimary primary() {
        PrimaryRecord record = PrimaryRecord.initial(NODE_1, 3, new Synchronous(1, Set.of(NODE_2)), SOME_TIME);
        return new ClusterPrimary(SHOP, record, Optional.empty(), Revision.NONE);
    }

    private static PrimaryRecord inTrouble(PrimaryRecord record) {
        Handover handover = new Handover(
                Handover.Kind.SWITCHOVER,
                NODE_1,
                SOME_TIME,
                "asked for",
                Optional.of(NODE_2),
                Optional.of("no other way"),
                Optional.empty());
        return record.with(record.reign().withLeaseUntil(SOME_TIME))
                .with(Optional.of(handover))
                .withDoubtful(Set.of(NODE_1, NODE_2))
                .withFailovers(List.of(SOME_TIME, SOME_TIME.plusSeconds(1)))
                .in(
                        FailoverPhase.BLOCKED,
                        SOME_TIME,
                        Optional.of(new Refusal(Refusal.Code.NO_CANDIDATE, "there is none")));
    }

    @Test
    void aPrimaryIsReadAsItWasPutAndChangesByCompareAndSet() {
        putTopology();
        ClusterPrimary stored = store.change(change -> {
            change.record(entry(EventType.PRIMARY_APPOINTED));
            return change.put(primary());
        });
        assertThat(stored.version()).isEqualTo(revision());
        assertThat(stored.record()).isEqualTo(primary().record());
        assertThat(list(view -> view.primaries())).containsExactly(stored);

        ClusterPrimary next = store.change(change -> {
            change.record(entry(EventType.FAILOVER_BLOCKED));
            return change.put(stored.with(inTrouble(stored.record()))
                    .withPaused(Optional.of(new ClusterPrimary.Pause("me", "upgrade", SOME_TIME)))
                    .withScheduled(Optional.of(SCHEDULED)));
        });

        assertThat(store.<Optional<ClusterPrimary>>read(view -> view.primary(SHOP)))
                .contains(next);
        assertThat(next.record()).isEqualTo(inTrouble(stored.record()));
        assertThat(next.scheduled()).contains(SCHEDULED);
        assertThatThrownBy(() -> change(change -> {
                    change.record(entry(EventType.FAILOVER_BLOCKED));
                    change.put(stored);
                }))
                .isInstanceOf(StaleVersionException.class);
    }

    @Test
    void aPrimaryNeedsAnEventAndItsClusterAndGoesWithIt() {
        putTopology();
        assertThatThrownBy(() -> change(change -> change.put(primary()))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> change(change -> {
                    change.record(entry(EventType.PRIMARY_APPOINTED));
                    change.put(new ClusterPrimary(
                            new ClusterId("nowhere"), primary().record(), Optional.empty(), Revision.NONE));
                }))
                .isInstanceOf(IllegalStateException.class);
        change(change -> {
            change.record(entry(EventType.PRIMARY_APPOINTED));
            change.put(primary());
        });

        change(change -> {
            change.record(entry(EventType.CLUSTER_DELETED));
            change.delete(SHOP);
            assertThat(change.primary(SHOP)).isEmpty();
        });

        assertThat(list(view -> view.primaries())).isEmpty();
    }

    @Test
    void thePauseEverywhereIsOneAndStaysUntilItIsResumed() {
        ClusterPrimary.Pause upgrade = new ClusterPrimary.Pause("me", "upgrade", SOME_TIME);
        assertThat(pauseEverywhere()).isEmpty();
        assertThatThrownBy(() -> change(change -> change.put(new PauseEverywhere(upgrade, Revision.NONE))))
                .isInstanceOf(IllegalStateException.class);

        PauseEverywhere stored = store.change(change -> {
            change.record(entry(EventType.FAILOVER_PAUSED));
            return change.put(new PauseEverywhere(upgrade, Revision.NONE));
        });

        assertThat(stored).isEqualTo(new PauseEverywhere(upgrade, revision()));
        assertThat(pauseEverywhere()).contains(stored);
        assertThatThrownBy(() -> change(change -> {
                    change.record(entry(EventType.FAILOVER_PAUSED));
                    change.put(new PauseEverywhere(upgrade, Revision.NONE));
                }))
                .isInstanceOf(StaleVersionException.class);
        PauseEverywhere replaced = store.change(change -> {
            change.record(entry(EventType.FAILOVER_PAUSED));
            return change.put(
                    new PauseEverywhere(new ClusterPrimary.Pause("you", "storm", SOME_TIME), stored.version()));
        });
        assertThat(pauseEverywhere()).contains(replaced);

        assertThatThrownBy(() -> change(change -> change.resumeEverywhere())).isInstanceOf(IllegalStateException.class);
        change(change -> {
            change.record(entry(EventType.FAILOVER_RESUMED));
            change.resumeEverywhere();
            assertThat(change.pauseEverywhere()).isEmpty();
        });
        assertThat(pauseEverywhere()).isEmpty();
    }

    private Optional<PauseEverywhere> pauseEverywhere() {
        return store.read(view -> view.pauseEverywhere());
    }

    @Test
    void theWholeStateHasThePrimaryWithItsCluster() {
        putTopology();
        ClusterPrimary stored = store.change(change -> {
            change.record(entry(EventType.PRIMARY_APPOINTED));
            return change.put(primary());
        });

        ClusterState state = store.read(ClusterStateReplica::readAll);

        assertThat(state.clusters().values())
                .extracting(ClusterState.Members::primary)
                .containsExactly(Optional.of(stored));
        assertThat(stored.roleOf(NODE_1)).isEqualTo(NodeRole.PRIMARY);
        assertThat(stored.roleOf(NODE_2)).isEqualTo(NodeRole.STANDBY);
    }
}
