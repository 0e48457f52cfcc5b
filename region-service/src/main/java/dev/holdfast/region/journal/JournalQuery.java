package dev.holdfast.region.journal;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalFilter;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RegionId;
import io.swagger.v3.oas.annotations.Parameter;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The filter of the journal as it stands in a query; what is left out matches everything. */
record JournalQuery(
        @Parameter(description = "What the event states; may be given several times") @Nullable
        Set<EventType> type,

        @Nullable RegionId region,
        @Nullable ClusterId cluster,
        @Nullable NodeId node,
        @Parameter(description = "Who caused it") @Nullable String actor,

        @Parameter(description = "At this time or later", example = "2026-01-31T12:00:00Z") @Nullable
        Instant from,

        @Parameter(description = "Before this time", example = "2026-01-31T13:00:00Z") @Nullable
        Instant to) {

    JournalFilter filter() {
        return new JournalFilter(
                type == null ? Set.of() : type,
                Optional.ofNullable(region),
                Optional.ofNullable(cluster),
                Optional.ofNullable(node),
                Optional.ofNullable(actor),
                Optional.ofNullable(from),
                Optional.ofNullable(to));
    }
}
