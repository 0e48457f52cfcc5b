package dev.holdfast.failover.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.replication.Synchronous;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.store.StoreFixtures;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FailoverMetricsTest {

    private static final ClusterId DB = new ClusterId("db");
    private static final NodeId A = new NodeId("db-a");

    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private final InMemoryClusterStateStore store = new InMemoryClusterStateStore(() -> now);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final FailoverMetrics metrics = new FailoverMetrics(registry, store);

    FailoverMetricsTest() {
        store.change(change -> {
            change.record(StoreFixtures.entry(EventType.CLUSTER_DECLARED).about(DB));
            change.put(StoreFixtures.cluster(DB.value()));
            return change.put(new ClusterPrimary(
                    DB, PrimaryRecord.initial(A, 1, Synchronous.NONE, now), Optional.empty(), Revision.NONE));
        });
    }

    private ClusterPrimary event(EventType type, long epoch) {
        now = now.plusMillis(100);
        return store.change(change -> {
            change.record(JournalEntry.of(type, "failover-service", "so it was")
                    .about(DB, A)
                    .with(Map.of("epoch", epoch, "primary", A.value(), "kind", "SWITCHOVER")));
            ClusterPrimary stored = change.primary(DB).orElseThrow();
            return change.put(stored.with(stored.record().at(new OrderNumber(epoch, 1))));
        });
    }

    private void failover(long epoch, EventType end) {
        for (EventType type : List.of(EventType.FAILOVER_STARTED, EventType.FAILOVER_VERIFYING, end)) {
            metrics.keeps(event(type, epoch));
        }
    }

    private double ended(String outcome) {
        return registry.get("holdfast.failover.ended")
                .tags("cluster", "db", "kind", "switchover", "outcome", outcome)
                .counter()
                .count();
    }

    @Test
    void whatEndsIsCountedOnceWithItsOutage() {
        failover(2, EventType.FAILOVER_COMPLETED);
        metrics.keeps(
                store.<Optional<ClusterPrimary>>read(view -> view.primary(DB)).orElseThrow());
        failover(3, EventType.FAILOVER_COMPLETED);
        metrics.keeps(event(EventType.FAILOVER_STARTED, 4));
        metrics.keeps(event(EventType.FAILOVER_CANCELLED, 4));

        assertThat(ended("completed")).isEqualTo(2);
        assertThat(ended("cancelled")).isOne();
        assertThat(registry.get("holdfast.failover.outage")
                        .tags("cluster", "db", "kind", "switchover")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(200.0);
        assertThat(registry.get("holdfast.failover.epoch").gauge().value()).isEqualTo(4);
    }

    @Test
    void whatEndedElsewhereIsNotCountedHere() {
        event(EventType.FAILOVER_STARTED, 2);
        metrics.keeps(event(EventType.FAILOVER_COMPLETED, 2));
        metrics.keeps(event(EventType.REPLICATION_CHANGED, 2));

        assertThat(registry.find("holdfast.failover.ended").counter()).isNull();
    }

    @Test
    void theEpochOfAClusterThatIsKeptElsewhereIsNotShown() {
        metrics.keeps(event(EventType.REPLICATION_CHANGED, 1));
        assertThat(registry.find("holdfast.failover.epoch").gauge()).isNotNull();

        metrics.leaves(DB);

        assertThat(registry.find("holdfast.failover.epoch").gauge()).isNull();
    }
}
