package dev.holdfast.store.postgres;

import java.util.List;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface ZoneRows extends Repository<ZoneRow, ZoneRow.Key> {

    @Query("from ZoneRow zone order by zone.key.region, zone.position")
    List<ZoneRow> findAllInOrder();

    @Query("from ZoneRow zone where zone.key.region = :region order by zone.position")
    List<ZoneRow> findOf(String region);
}
