package dev.holdfast.store.postgres;

import java.util.List;
import org.springframework.data.repository.Repository;

interface ClusterPrimaryRows extends Repository<ClusterPrimaryRow, String> {

    List<ClusterPrimaryRow> findAllByOrderByCluster();
}
