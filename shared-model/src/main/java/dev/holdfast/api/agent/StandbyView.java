package dev.holdfast.api.agent;

import static java.util.Objects.requireNonNullElse;

import dev.holdfast.model.replication.Lsn;
import java.util.Optional;

/**
 * A standby as its primary sees it.
 *
 * @param name by which it connects: its node id
 * @param state such as {@code streaming} or {@code catchup}
 * @param syncState {@code async}, {@code potential}, {@code sync} or {@code quorum}
 * @param silentMillis since its last reply, by the primary's agent's monotonic clock
 */
public record StandbyView(
        String name,
        String state,
        String syncState,
        Optional<Lsn> sent,
        Optional<Lsn> written,
        Optional<Lsn> flushed,
        Optional<Lsn> replayed,
        long silentMillis) {

    @SuppressWarnings("OptionalAssignedToNull") // Absent in the document reaches the constructor as null.
    public StandbyView {
        sent = requireNonNullElse(sent, Optional.empty());
        written = requireNonNullElse(written, Optional.empty());
        flushed = requireNonNullElse(flushed, Optional.empty());
        replayed = requireNonNullElse(replayed, Optional.empty());
    }
}
