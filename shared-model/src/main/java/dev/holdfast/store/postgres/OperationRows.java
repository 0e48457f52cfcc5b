package dev.holdfast.store.postgres;

import dev.holdfast.model.operation.OperationState;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.data.jpa.repository.JpaSpecificationExecutor;
import org.springframework.data.repository.Repository;

interface OperationRows extends Repository<OperationRow, UUID>, JpaSpecificationExecutor<OperationRow> {

    List<OperationRow> findByStateInOrderByStartedAtAscIdAsc(Collection<OperationState> states);
}
