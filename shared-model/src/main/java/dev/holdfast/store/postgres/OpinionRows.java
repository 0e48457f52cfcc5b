package dev.holdfast.store.postgres;

import java.util.List;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface OpinionRows extends Repository<OpinionRow, OpinionRow.Key> {

    @Query("from OpinionRow opinion order by opinion.key.node, opinion.key.observer")
    List<OpinionRow> findAllInOrder();

    @Query("from OpinionRow opinion where opinion.key.node = :node order by opinion.key.observer")
    List<OpinionRow> findOn(String node);
}
