package dev.holdfast.store.postgres;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.ClusterSettings;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.ColumnTransformer;

@Entity
@Table(name = "cluster")
class ClusterRow {

    @Id
    String id;

    @ColumnTransformer(write = "cast(? as jsonb)")
    String settings;

    long version;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    ClusterRow() {}

    ClusterRow(Cluster cluster) {
        this.id = cluster.id().value();
        this.settings = Documents.write(cluster.settings());
        this.version = cluster.version().value();
    }

    Cluster toCluster() {
        return new Cluster(new ClusterId(id), Documents.read(settings, ClusterSettings.class), new Revision(version));
    }
}
