package dev.holdfast.store.postgres;

import java.util.Collection;
import java.util.List;
import org.springframework.data.repository.Repository;

interface NodeRows extends Repository<NodeRow, String> {

    List<NodeRow> findAllByOrderById();

    List<NodeRow> findByClusterOrderById(String cluster);

    List<NodeRow> findByIdInOrderById(Collection<String> ids);
}
