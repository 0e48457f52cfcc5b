package dev.holdfast.store.postgres;

import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.NodeId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "node_health")
class NodeHealthRow {

    @Id
    @Column(name = "node_id")
    String node;

    @Enumerated(EnumType.STRING)
    HealthStatus status;

    @Enumerated(EnumType.STRING)
    @Nullable
    HealthStatus decided;

    long incarnation;

    Instant since;

    String reason;

    long version;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    NodeHealthRow() {}

    NodeHealthRow(NodeHealth health) {
        this.node = health.node().value();
        this.status = health.status();
        this.decided = health.decided().orElse(null);
        this.incarnation = health.incarnation();
        this.since = Documents.micros(health.since());
        this.reason = health.reason();
        this.version = health.version().value();
    }

    NodeHealth toHealth() {
        return new NodeHealth(
                new NodeId(node),
                status,
                Optional.ofNullable(decided),
                incarnation,
                since,
                reason,
                new Revision(version));
    }
}
