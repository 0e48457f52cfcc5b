package dev.holdfast.store.postgres;

import java.util.List;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface NodeHealthRows extends Repository<NodeHealthRow, String> {

    List<NodeHealthRow> findAllByOrderByNode();

    @Query("""
            select health from NodeHealthRow health, NodeRow node
            where node.id = health.node and node.cluster = :cluster order by health.node""")
    List<NodeHealthRow> findOf(String cluster);
}
