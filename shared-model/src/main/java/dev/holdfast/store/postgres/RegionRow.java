package dev.holdfast.store.postgres;

import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.Region;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import org.hibernate.annotations.ColumnTransformer;

@Entity
@Table(name = "region")
class RegionRow {

    @Id
    String id;

    @Column(name = "display_name")
    String displayName;

    @ColumnTransformer(write = "cast(? as jsonb)")
    String labels;

    long version;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    RegionRow() {}

    RegionRow(Region region) {
        this.id = region.id().value();
        this.displayName = region.displayName();
        this.labels = Documents.write(region.labels());
        this.version = region.version().value();
    }

    Region toRegion(List<ZoneRow> zones) {
        return new Region(
                new RegionId(id),
                displayName,
                zones.stream().map(zone -> new ZoneId(zone.key.id)).toList(),
                Documents.labels(labels),
                new Revision(version));
    }
}
