package dev.holdfast.store.postgres;

import java.util.List;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface NodeRows extends Repository<NodeRow, String> {

    List<NodeRow> findAllByOrderById();

    List<NodeRow> findByClusterOrderById(String cluster);

    /** An array is one parameter, however many ids it holds. */
    @Query(nativeQuery = true, value = "SELECT * FROM node WHERE id = ANY(:ids) ORDER BY id")
    List<NodeRow> findAllOf(String[] ids);
}
