package dev.holdfast.failover.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FailoverReportsTest {

    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
    private static final String A = "db-a";
    private static final String B = "db-b";

    private final List<JournalEvent> events = new ArrayList<>();

    private void event(long atMillis, EventType type, long epoch, String primary) {
        Map<String, Object> evidence = new HashMap<>(Map.of("epoch", epoch, "primary", primary));
        evidence.put("kind", "AUTOMATIC_FAILOVER");
        evidence.put("operation", "AUTOMATIC_FAILOVER, lost");
        if (type == EventType.FAILOVER_PROMOTING) {
            evidence.put("loss", "no acknowledged write");
        }
        events.add(new JournalEvent(
                new Revision(events.size() + 1),
                START.plusMillis(atMillis),
                Optional.empty(),
                JournalEntry.of(type, "failover-service", "so it was")
                        .about(new ClusterId("db"), new NodeId(primary))
                        .with(evidence)));
    }

    @Test
    void aWholeFailoverIsOneReportWithItsPhases() {
        event(0, EventType.PRIMARY_SUSPECTED, 1, A);
        event(100, EventType.FAILOVER_STARTED, 2, A);
        event(150, EventType.FAILOVER_PROMOTING, 2, B);
        event(350, EventType.PRIMARY_CHANGED, 2, B);
        event(500, EventType.FAILOVER_VERIFYING, 2, B);
        event(510, EventType.FAILOVER_RECOVERING, 2, B);
        event(5000, EventType.FAILOVER_COMPLETED, 2, B);

        assertThat(FailoverReports.of(events)).singleElement().satisfies(report -> {
            assertThat(report.id()).isEqualTo("db-2");
            assertThat(report.state()).isEqualTo(FailoverReport.State.COMPLETED);
            assertThat(report.kind()).isEqualTo("AUTOMATIC_FAILOVER");
            assertThat(report.former()).isEqualTo(new NodeId(A));
            assertThat(report.primary()).contains(new NodeId(B));
            assertThat(report.loss()).contains("no acknowledged write");
            assertThat(report.outage()).contains(Duration.ofMillis(500));
            assertThat(report.phases())
                    .extracting(FailoverReport.Phase::name)
                    .containsExactly("detect", "fence", "promote", "route", "verify", "recover");
            assertThat(report.phases())
                    .extracting(phase -> phase.took().orElseThrow().toMillis())
                    .containsExactly(100L, 50L, 200L, 150L, 10L, 4490L);
            assertThat(report.revisions()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        });
    }

    @Test
    void anAttemptThatFailedIsPartOfTheSameFailover() {
        event(0, EventType.FAILOVER_STARTED, 2, A);
        event(10, EventType.FAILOVER_PROMOTING, 2, B);
        event(20, EventType.FAILOVER_STARTED, 3, B);
        event(30, EventType.FAILOVER_BLOCKED, 3, B);

        assertThat(FailoverReports.of(events)).singleElement().satisfies(report -> {
            assertThat(report.id()).isEqualTo("db-2");
            assertThat(report.attempts()).isEqualTo(2);
            assertThat(report.state()).isEqualTo(FailoverReport.State.BLOCKED);
            assertThat(report.outage()).isEmpty();
            assertThat(report.endedAt()).isEmpty();
        });
    }

    @Test
    void aSuspicionThatCameToNothingBelongsToNoFailover() {
        event(0, EventType.PRIMARY_SUSPECTED, 1, A);
        event(10, EventType.PRIMARY_TRUSTED, 1, A);
        event(500, EventType.FAILOVER_STARTED, 2, A);
        event(600, EventType.FAILOVER_CANCELLED, 2, A);
        event(900, EventType.FAILOVER_STARTED, 3, A);

        assertThat(FailoverReports.of(events))
                .extracting(FailoverReport::id, FailoverReport::state, FailoverReport::suspectedAt)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("db-3", FailoverReport.State.RUNNING, Optional.empty()),
                        org.assertj.core.groups.Tuple.tuple("db-2", FailoverReport.State.CANCELLED, Optional.empty()));
    }

    @Test
    void whatBeganBeforeTheOldestEventIsLeftOut() {
        event(0, EventType.PRIMARY_CHANGED, 2, B);
        event(10, EventType.FAILOVER_COMPLETED, 2, B);

        assertThat(FailoverReports.of(events)).isEmpty();
    }
}
