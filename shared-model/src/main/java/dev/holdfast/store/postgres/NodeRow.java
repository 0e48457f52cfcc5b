package dev.holdfast.store.postgres;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.FailoverTraits;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.hibernate.annotations.ColumnTransformer;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "node")
class NodeRow {

    @Id
    String id;

    @Column(name = "cluster_id")
    String cluster;

    @Column(name = "region_id")
    String region;

    @Column(name = "zone_id")
    String zone;

    String host;

    int port;

    int weight;

    @ColumnTransformer(write = "cast(? as jsonb)")
    String failover;

    @ColumnTransformer(write = "cast(? as jsonb)")
    String labels;

    @Enumerated(EnumType.STRING)
    @Column(name = "admin_state")
    AdminState adminState;

    @Column(name = "synchronised_in")
    @Nullable
    Long synchronisedIn;

    long version;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    NodeRow() {}

    NodeRow(Node node) {
        this.id = node.id().value();
        this.cluster = node.cluster().value();
        this.region = node.region().value();
        this.zone = node.zone().value();
        this.host = node.address().host();
        this.port = node.address().port();
        this.weight = node.weight();
        this.failover = Documents.write(node.failover());
        this.labels = Documents.write(node.labels());
        this.adminState = node.adminState();
        this.synchronisedIn = node.synchronisedIn().orElse(null);
        this.version = node.version().value();
    }

    /** The row as a document of its members, for a statement that takes many. */
    Map<String, Object> columns() {
        Map<String, Object> columns = new HashMap<>();
        columns.put("id", id);
        columns.put("cluster", cluster);
        columns.put("region", region);
        columns.put("zone", zone);
        columns.put("host", host);
        columns.put("port", port);
        columns.put("weight", weight);
        columns.put("failover", Documents.values(failover));
        columns.put("labels", Documents.labels(labels));
        columns.put("adminState", adminState);
        if (synchronisedIn != null) {
            columns.put("synchronisedIn", synchronisedIn);
        }
        columns.put("version", version);
        return columns;
    }

    Node toNode() {
        return new Node(
                new NodeId(id),
                new ClusterId(cluster),
                new RegionId(region),
                new ZoneId(zone),
                new Endpoint(host, port),
                weight,
                Documents.read(failover, FailoverTraits.class),
                Documents.labels(labels),
                adminState,
                Optional.ofNullable(synchronisedIn),
                new Revision(version));
    }
}
