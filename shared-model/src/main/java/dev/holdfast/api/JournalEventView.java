package dev.holdfast.api;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.RegionId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A journal event as the API and webhooks show it. */
public record JournalEventView(
        Revision revision,
        Instant at,
        EventType type,
        String actor,
        Optional<RegionId> region,
        Optional<ClusterId> cluster,
        Optional<NodeId> node,
        String message,
        Map<String, Object> evidence,
        Optional<String> traceId) {

    public static JournalEventView of(JournalEvent event) {
        return new JournalEventView(
                event.revision(),
                event.at(),
                event.entry().type(),
                event.entry().actor(),
                event.entry().region(),
                event.entry().cluster(),
                event.entry().node(),
                event.entry().message(),
                event.entry().evidence(),
                event.traceId());
    }
}
