package dev.holdfast.store.postgres;

import java.util.List;
import org.springframework.data.repository.Repository;

interface RegionRows extends Repository<RegionRow, String> {

    List<RegionRow> findAllByOrderById();
}
