package dev.holdfast.store.postgres;

import java.util.List;
import org.springframework.data.repository.Repository;

interface ClusterRows extends Repository<ClusterRow, String> {

    List<ClusterRow> findAllByOrderById();
}
