package dev.holdfast.failover.primary;

import dev.holdfast.failover.promotion.FailoverDecision;
import dev.holdfast.failover.promotion.FailoverEvent;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.replication.ScheduledSwitchover;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.topology.ClusterId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores decisions about primaries together with the events that explain them. */
final class PrimaryJournal {

    static final String SERVICE = "failover-service";

    private static final Logger log = LoggerFactory.getLogger(PrimaryJournal.class);

    private PrimaryJournal() {}

    /** Stores what the decision changes; it must have been made on {@code stored}. */
    static ClusterPrimary store(StateChange change, ClusterPrimary stored, FailoverDecision decision, String actor) {
        for (FailoverEvent event : decision.events()) {
            record(change, stored.cluster(), decision.record(), event.type(), actor, event.text(), event.evidence());
        }
        if (decision.events().isEmpty()) {
            record(
                    change,
                    stored.cluster(),
                    decision.record(),
                    EventType.REPLICATION_CHANGED,
                    actor,
                    "the record of the primary has changed",
                    Map.of());
        }
        return change.put(stored.with(decision.record()));
    }

    /** Stores what is to be done, which must be something. */
    static ClusterPrimary store(StateChange change, Keeping keeping) {
        ClusterPrimary stored = keeping.stored();
        Optional<ScheduledSwitchover> scheduled = stored.scheduled();
        if (keeping.begun().isPresent()) {
            return store(
                    change,
                    stored.withScheduled(Optional.empty()),
                    keeping.decision(),
                    keeping.begun().get().by());
        }
        if (keeping.dropped().isPresent() && scheduled.isPresent()) {
            told(
                    change,
                    stored,
                    EventType.FAILOVER_REFUSED,
                    SERVICE,
                    "the switchover that " + scheduled.get().by() + " scheduled for "
                            + scheduled.get().at() + " is not begun: "
                            + keeping.dropped().get());
            stored = stored.withScheduled(Optional.empty());
        }
        return keeping.decision().changes() ? store(change, stored, keeping.decision(), SERVICE) : change.put(stored);
    }

    /** Journals that what {@code operator} asked for is not done, and why. */
    static void refused(StateChange change, ClusterPrimary stored, FailoverDecision decision, String operator) {
        decision.events().stream()
                .filter(event -> event.type() == EventType.FAILOVER_REFUSED)
                .forEach(event -> record(
                        change,
                        stored.cluster(),
                        stored.record(),
                        event.type(),
                        operator,
                        event.text(),
                        event.evidence()));
    }

    /** Journals what {@code operator} asked for, and what came of it. */
    static void told(StateChange change, ClusterPrimary stored, EventType type, String operator, String text) {
        record(change, stored.cluster(), stored.record(), type, operator, text, Map.of());
    }

    static ClusterPrimary appointed(StateChange change, ClusterId cluster, PrimaryRecord record) {
        record(
                change,
                cluster,
                record,
                EventType.PRIMARY_APPOINTED,
                SERVICE,
                record.reign().primary() + " is the primary; " + record.reign().wanted() + " shall acknowledge writes",
                Map.of());
        return change.put(new ClusterPrimary(cluster, record, Optional.empty(), Revision.NONE));
    }

    static void record(
            StateChange change,
            ClusterId cluster,
            PrimaryRecord record,
            EventType type,
            String actor,
            String text,
            Map<String, String> evidence) {
        Map<String, Object> all = new HashMap<>(evidence);
        all.put("epoch", record.number().epoch());
        all.put("phase", record.phase().name());
        all.put("primary", record.reign().primary().value());
        log.info("{}: {} ({})", cluster, text, type);
        change.record(JournalEntry.of(type, actor, text)
                .about(cluster, record.reign().primary())
                .with(all));
    }
}
