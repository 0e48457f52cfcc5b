package dev.holdfast.store.postgres;

import java.util.List;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaSpecificationExecutor;
import org.springframework.data.repository.Repository;

interface JournalRows extends Repository<JournalRow, Long>, JpaSpecificationExecutor<JournalRow> {

    List<JournalRow> findByRevisionGreaterThanOrderByRevision(long revision, Limit limit);
}
