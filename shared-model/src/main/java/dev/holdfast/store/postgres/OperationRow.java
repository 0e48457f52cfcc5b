package dev.holdfast.store.postgres;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.operation.Operation;
import dev.holdfast.model.operation.OperationId;
import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.operation.OperationType;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.criteria.Predicate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.domain.Specification;

@Entity
@Table(name = "operation")
class OperationRow {

    @Id
    UUID id;

    @Enumerated(EnumType.STRING)
    OperationType type;

    @Column(name = "cluster_id")
    String cluster;

    @Column(name = "node_id")
    @Nullable
    String node;

    @Enumerated(EnumType.STRING)
    OperationState state;

    @ColumnTransformer(write = "cast(? as jsonb)")
    String parameters;

    @ColumnTransformer(write = "cast(? as jsonb)")
    String steps;

    @Column(name = "started_by")
    String startedBy;

    @Column(name = "started_at")
    Instant startedAt;

    @Column(name = "ended_at")
    @Nullable
    Instant endedAt;

    @Nullable
    String outcome;

    long version;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    OperationRow() {}

    OperationRow(Operation operation) {
        this.id = operation.id().value();
        this.type = operation.type();
        this.cluster = operation.cluster().value();
        this.node = operation.node().map(NodeId::value).orElse(null);
        this.state = operation.state();
        this.parameters = Documents.write(operation.parameters());
        this.steps = Documents.write(operation.steps());
        this.startedBy = operation.startedBy();
        this.startedAt = Documents.micros(operation.startedAt());
        this.endedAt = operation.endedAt().map(Documents::micros).orElse(null);
        this.outcome = operation.outcome().orElse(null);
        this.version = operation.version().value();
    }

    Operation toOperation() {
        return new Operation(
                new OperationId(id),
                type,
                new ClusterId(cluster),
                Optional.ofNullable(node).map(NodeId::new),
                state,
                Documents.values(parameters),
                Documents.steps(steps),
                startedBy,
                startedAt,
                Optional.ofNullable(endedAt),
                Optional.ofNullable(outcome),
                new Revision(version));
    }

    static Specification<OperationRow> matching(
            Optional<ClusterId> cluster, Optional<OperationState> state, Optional<Revision> before) {
        return (row, query, criteria) -> {
            List<Predicate> wanted = new ArrayList<>();
            cluster.ifPresent(id -> wanted.add(criteria.equal(row.get("cluster"), id.value())));
            state.ifPresent(one -> wanted.add(criteria.equal(row.get("state"), one)));
            before.ifPresent(next -> wanted.add(criteria.lessThan(row.get("version"), next.value())));
            return criteria.and(wanted);
        };
    }
}
