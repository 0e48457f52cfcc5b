package dev.holdfast.failover.primary;

import dev.holdfast.api.VersionTag;
import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.PauseEverywhere;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.web.Caller;
import dev.holdfast.web.Idempotency;
import dev.holdfast.web.WriteRequest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Pauses automatic failover in every cluster at once. */
@RestController
@RequestMapping(path = "/api/v1/failovers", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Failover", description = "Who is primary of a cluster, and how it is replaced")
@ApiResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = PauseView.class)))
class PauseEverywhereController {

    private final ClusterStateStore store;
    private final Idempotency idempotency;

    PauseEverywhereController(ClusterStateStore store, Idempotency idempotency) {
        this.store = store;
        this.idempotency = idempotency;
    }

    @GetMapping("/pause")
    @Operation(summary = "Whether automatic failover is paused in every cluster, by whom and why")
    ResponseEntity<PauseView> pause() {
        return answer(store.read(view -> view.pauseEverywhere()));
    }

    @PostMapping("/pause")
    @Operation(
            summary = "Let nothing begin by itself in any cluster until failover is resumed",
            description = "Also in clusters declared later. What has begun goes on, and operators can still replace a"
                    + " primary.")
    ResponseEntity<?> pause(@Valid @RequestBody PauseRequest body, WriteRequest write) {
        String caller = Caller.current().name();
        return perform(write, Optional.of(body), change -> {
            change.record(JournalEntry.of(
                    EventType.FAILOVER_PAUSED,
                    caller,
                    caller + " pauses automatic failover in every cluster: " + body.reason()));
            return Optional.of(change.put(new PauseEverywhere(
                    new ClusterPrimary.Pause(caller, body.reason(), change.now()),
                    change.pauseEverywhere().map(PauseEverywhere::version).orElse(Revision.NONE))));
        });
    }

    @PostMapping("/resume")
    @Operation(
            summary = "Let failovers begin by themselves again",
            description = "Except in clusters that are paused on their own.")
    ResponseEntity<?> resume(WriteRequest write) {
        String caller = Caller.current().name();
        return perform(write, Optional.empty(), change -> {
            if (change.pauseEverywhere().isPresent()) {
                change.record(JournalEntry.of(
                        EventType.FAILOVER_RESUMED, caller, caller + " resumes automatic failover in every cluster"));
                change.resumeEverywhere();
            }
            return Optional.empty();
        });
    }

    private ResponseEntity<?> perform(
            WriteRequest write, Optional<?> body, Function<StateChange, Optional<PauseEverywhere>> work) {
        Function<StateChange, Optional<PauseEverywhere>> checked = change -> {
            write.preconditions()
                    .require(
                            "the pause of all clusters",
                            change.pauseEverywhere().map(PauseEverywhere::version));
            return work.apply(change);
        };
        if (write.dryRun()) {
            Optional<PauseEverywhere> rehearsed = store.rehearse(checked);
            return ResponseEntity.ok()
                    .header(WriteRequest.DRY_RUN_HEADER, "true")
                    .body(PauseView.of(rehearsed));
        }
        return store.change(
                change -> idempotency.once(change, write.idempotent(body), () -> answer(checked.apply(change))));
    }

    private static ResponseEntity<PauseView> answer(Optional<PauseEverywhere> pause) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok();
        pause.ifPresent(there -> answer.eTag(VersionTag.of(there.version())));
        return answer.body(PauseView.of(pause));
    }
}
