package dev.holdfast.store.postgres;

import dev.holdfast.model.health.NodeOpinion;
import dev.holdfast.model.health.ObserverId;
import dev.holdfast.model.health.Opinion;
import dev.holdfast.model.health.ProbeResult;
import dev.holdfast.model.topology.NodeId;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Objects;
import org.hibernate.annotations.ColumnTransformer;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "opinion")
class OpinionRow {

    @EmbeddedId
    Key key;

    @Enumerated(EnumType.STRING)
    Opinion opinion;

    Instant since;

    @ColumnTransformer(write = "cast(? as jsonb)")
    String evidence;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    OpinionRow() {}

    OpinionRow(NodeOpinion opinion) {
        this.key = new Key();
        this.key.node = opinion.node().value();
        this.key.observer = opinion.observer().value();
        this.opinion = opinion.opinion();
        this.since = Documents.micros(opinion.since());
        this.evidence = Documents.write(opinion.evidence());
    }

    NodeOpinion toOpinion() {
        return new NodeOpinion(
                new ObserverId(key.observer),
                new NodeId(key.node),
                opinion,
                since,
                Documents.read(evidence, ProbeResult.class));
    }

    @Embeddable
    static class Key {

        @Column(name = "node_id")
        String node;

        @Column(name = "observer_id")
        String observer;

        @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
        Key() {}

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.node.equals(node) && key.observer.equals(observer);
        }

        @Override
        public int hashCode() {
            return Objects.hash(node, observer);
        }
    }
}
