package dev.holdfast.store.postgres;

import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.ZoneId;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "zone")
class ZoneRow {

    @EmbeddedId
    Key key;

    int position;

    @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
    ZoneRow() {}

    ZoneRow(RegionId region, ZoneId zone, int position) {
        this.key = new Key();
        this.key.region = region.value();
        this.key.id = zone.value();
        this.position = position;
    }

    @Embeddable
    static class Key {

        @Column(name = "region_id")
        String region;

        String id;

        @SuppressWarnings("NullAway.Init") // Hibernate fills the fields.
        Key() {}

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.region.equals(region) && key.id.equals(id);
        }

        @Override
        public int hashCode() {
            return Objects.hash(region, id);
        }
    }
}
