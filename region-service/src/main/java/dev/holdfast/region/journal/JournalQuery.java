package dev.holdfast.region.journal;

import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
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

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    /** What no store can hold or compare is a problem that names the field. */
    JournalFilter filter() {
        require(
                actor == null || actor.codePoints().noneMatch(JournalQuery::isNoText),
                "actor",
                "must hold no control characters");
        require(isInRange(from), "from", "must be a time in the years 1 to 9999");
        require(isInRange(to), "to", "must be a time in the years 1 to 9999");
        return new JournalFilter(
                type == null ? Set.of() : type,
                Optional.ofNullable(region),
                Optional.ofNullable(cluster),
                Optional.ofNullable(node),
                Optional.ofNullable(actor),
                Optional.ofNullable(from),
                Optional.ofNullable(to));
    }

    private static void require(boolean holds, String field, String message) {
        if (!holds) {
            throw ProblemException.ofField(ProblemCode.MALFORMED_REQUEST, field, message);
        }
    }

    private static boolean isNoText(int character) {
        return Character.isISOControl(character) || Character.getType(character) == Character.SURROGATE;
    }

    private static boolean isInRange(@Nullable Instant time) {
        return time == null || !(time.isBefore(EARLIEST) || time.isAfter(LATEST));
    }
}
