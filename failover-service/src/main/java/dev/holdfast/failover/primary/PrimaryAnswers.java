package dev.holdfast.failover.primary;

import dev.holdfast.api.PrimaryView;
import dev.holdfast.api.VersionTag;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.model.replication.ClusterPrimary;
import dev.holdfast.model.replication.Refusal;
import dev.holdfast.model.store.ClusterStateStore;
import dev.holdfast.model.store.StateChange;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.web.Idempotency;
import dev.holdfast.web.ProblemWriter;
import dev.holdfast.web.WriteRequest;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.http.ResponseEntity;

/**
 * Makes a change of a primary that a request asks for, once however often it is repeated and for a dry run not at all, and
 * answers it. A refusal is an answer like any other: it is journaled, and repeated to who repeats the request.
 */
final class PrimaryAnswers {

    private final ClusterStateStore store;
    private final Idempotency idempotency;
    private final ProblemWriter problems;

    PrimaryAnswers(ClusterStateStore store, Idempotency idempotency, ProblemWriter problems) {
        this.store = store;
        this.idempotency = idempotency;
        this.problems = problems;
    }

    /**
     * 202 with the primary, or the problem that refuses it; for a dry run 200 with the primary as it would be, or the same
     * problem.
     *
     * @param body the document as read; empty when the request takes none
     */
    ResponseEntity<?> perform(
            WriteRequest write, ClusterId cluster, Optional<?> body, Function<StateChange, FailoverDesk.Outcome> work) {
        Function<StateChange, Answer> checked = change -> {
            ClusterPrimary current = FailoverDesk.primary(change, cluster);
            write.preconditions()
                    .require("the primary of " + cluster, Optional.of(PrimaryView.version(change, current)));
            FailoverDesk.Outcome outcome = work.apply(change);
            return new Answer(PrimaryView.of(change, outcome.primary()), outcome.refused());
        };
        if (write.dryRun()) {
            return rehearsed(store.rehearse(checked));
        }
        return store.change(
                change -> idempotency.once(change, write.idempotent(body), () -> answer(checked.apply(change))));
    }

    private record Answer(PrimaryView primary, Optional<Refusal> refused) {}

    private ResponseEntity<?> rehearsed(Answer answer) {
        return answer.refused()
                .<ResponseEntity<?>>map(this::refusal)
                .orElseGet(() -> ResponseEntity.ok()
                        .header(WriteRequest.DRY_RUN_HEADER, "true")
                        .body(answer.primary()));
    }

    private ResponseEntity<?> answer(Answer answer) {
        return answer.refused()
                .<ResponseEntity<?>>map(this::refusal)
                .orElseGet(() -> ResponseEntity.accepted()
                        .location(URI.create(
                                "/api/v1/clusters/" + answer.primary().cluster() + "/primary"))
                        .eTag(VersionTag.of(answer.primary().version()))
                        .body(answer.primary()));
    }

    private ResponseEntity<?> refusal(Refusal refusal) {
        return problems.answer(ProblemException.refused(refusal));
    }
}
