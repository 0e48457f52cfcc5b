package dev.holdfast.region.journal;

import dev.holdfast.api.JournalEventView;
import dev.holdfast.api.Page;
import dev.holdfast.model.journal.JournalEvent;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterStateStore;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.Optional;
import org.springdoc.core.annotations.ParameterObject;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** {@code /api/v1/journal}. */
@RestController
@RequestMapping("/api/v1/journal")
@Tag(name = "Journal", description = "Every change of state with its evidence")
class JournalController {

    private final ClusterStateStore store;
    private final JournalStreams streams;

    JournalController(ClusterStateStore store, JournalStreams streams) {
        this.store = store;
        this.streams = streams;
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(summary = "List events, newest first")
    Page<JournalEventView> events(
            @ParameterObject JournalQuery query,
            @RequestParam(defaultValue = "" + Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @Parameter(description = "next of the page before: only events older than this revision follow")
                    @RequestParam
                    Optional<@Min(0) Long> after) {
        List<JournalEvent> events =
                store.read(view -> view.journal(query.filter(), after.map(Revision::new), limit + 1));
        List<JournalEventView> page =
                events.stream().limit(limit).map(JournalEventView::of).toList();
        return new Page<>(
                page,
                events.size() > limit ? Optional.of(page.getLast().revision().toString()) : Optional.empty());
    }

    @GetMapping(path = "/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(summary = "Stream events as they happen, oldest first", description = """
                    Server-sent events named "journal", with the revision as id. Last-Event-ID, or after, resumes behind \
                    that revision; without either the stream begins now. An event named "gap" says that events between \
                    have been pruned. Comments show that the stream lives; it ends from time to time and is to be resumed.""")
    SseEmitter stream(
            @ParameterObject JournalQuery query,
            @RequestHeader("Last-Event-ID") Optional<@Min(0) Long> lastEventId,
            @Parameter(description = "Begin behind this revision") @RequestParam Optional<@Min(0) Long> after) {
        return streams.open(query.filter(), lastEventId.or(() -> after).map(Revision::new));
    }
}
