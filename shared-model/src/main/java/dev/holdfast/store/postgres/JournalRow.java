package dev.holdfast.store.postgres;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RegionId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.hibernate.annotations.ColumnTransformer;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "journal")
class JournalRow {

    @Id
    long revision;

    Instant at;

    /** As text: during an upgrade a newer version may journal types that this one doesn't know. */
    String type;

    String actor;

    @Column(name = "region_id")
    @Nullable
    String region;

    @Column(name = "cluster_id")
    @Nullable
    String cluster;

    @Column(name = "node_id")
    @Nullable
    String node;

    String message;

    @ColumnTransformer(write = "cast(? as jsonb)")
    String evidence;

    @Column(name = "trace_id")
    @Nullable
    String traceId;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    JournalRow() {}

    JournalRow(JournalEvent event) {
        JournalEntry entry = event.entry();
        this.revision = event.revision().value();
        this.at = event.at();
        this.type = entry.type().name();
        this.actor = entry.actor();
        this.region = entry.region().map(RegionId::value).orElse(null);
        this.cluster = entry.cluster().map(ClusterId::value).orElse(null);
        this.node = entry.node().map(NodeId::value).orElse(null);
        this.message = entry.message();
        this.evidence = Documents.write(entry.evidence());
        this.traceId = event.traceId().orElse(null);
    }

    JournalEvent toEvent() {
        Optional<EventType> known = Arrays.stream(EventType.values())
                .filter(candidate -> candidate.name().equals(type))
                .findFirst();
        JournalEntry entry = new JournalEntry(
                known.orElse(EventType.UNKNOWN),
                actor,
                Optional.ofNullable(region).map(RegionId::new),
                Optional.ofNullable(cluster).map(ClusterId::new),
                Optional.ofNullable(node).map(NodeId::new),
                message,
                known.isPresent() ? Documents.values(evidence) : withType(Documents.values(evidence)));
        return new JournalEvent(new Revision(revision), at, Optional.ofNullable(traceId), entry);
    }

    private Map<String, Object> withType(Map<String, Object> values) {
        Map<String, Object> all = new HashMap<>(values);
        all.put("type", type);
        return all;
    }
}
