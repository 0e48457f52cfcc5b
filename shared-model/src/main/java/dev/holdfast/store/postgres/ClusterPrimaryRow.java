package dev.holdfast.store.postgres;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.PrimaryRecord;
import dev.holdfast.model.replication.ScheduledSwitchover;
import dev.holdfast.model.topology.ClusterId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Optional;
import org.hibernate.annotations.ColumnTransformer;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "cluster_primary")
class ClusterPrimaryRow {

    @Id
    @Column(name = "cluster_id")
    String cluster;

    @ColumnTransformer(write = "cast(? as jsonb)")
    String record;

    @ColumnTransformer(write = "cast(? as jsonb)")
    @Nullable
    String paused;

    @ColumnTransformer(write = "cast(? as jsonb)")
    @Nullable
    String scheduled;

    long version;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    ClusterPrimaryRow() {}

    ClusterPrimaryRow(ClusterPrimary primary) {
        this.cluster = primary.cluster().value();
        this.record = Documents.write(primary.record());
        this.paused = primary.paused().map(Documents::write).orElse(null);
        this.scheduled = primary.scheduled().map(Documents::write).orElse(null);
        this.version = primary.version().value();
    }

    ClusterPrimary toPrimary() {
        return new ClusterPrimary(
                new ClusterId(cluster),
                Documents.read(record, PrimaryRecord.class),
                Optional.ofNullable(paused).map(written -> Documents.read(written, ClusterPrimary.Pause.class)),
                Optional.ofNullable(scheduled).map(written -> Documents.read(written, ScheduledSwitchover.class)),
                new Revision(version));
    }
}
