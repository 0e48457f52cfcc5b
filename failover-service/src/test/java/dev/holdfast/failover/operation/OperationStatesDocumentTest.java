package dev.holdfast.failover.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.failover.GeneratedDocument;
import dev.holdfast.model.operation.OperationState;
import dev.holdfast.model.operation.StepState;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/operation-states.md} equal to the table of edges. */
class OperationStatesDocumentTest {

    private static final GeneratedDocument DOCUMENT =
            new GeneratedDocument("operation-states.md", OperationStatesDocumentTest.class);

    @Test
    void theCommittedDocumentShowsTheTable() throws IOException {
        DOCUMENT.assertShows(document());
    }

    private static String document() {
        StringBuilder text = new StringBuilder("""
                # States of operations

                Generated from the table of edges in `failover-service` (`Edges`). Don't edit it; regenerate it with

                    %s

                A state is a promise; work happens on edges. Of the edges that leave a state, the first whose condition
                holds is taken. `TICK` is a look at the facts, at every change and a few times a second; `CONFIRM` and
                `CANCEL` are an operator's requests.

                ## The operation

                """.formatted(DOCUMENT.regenerate()));
        text.append("```mermaid\nstateDiagram-v2\n    [*] --> RUNNING\n");
        for (OperationEdge edge : Edges.TABLE.operations()) {
            text.append("    %s --> %s: %s\n"
                    .formatted(
                            edge.from(),
                            edge.to(),
                            label(edge.trigger(), edge.guard().description())));
        }
        Arrays.stream(OperationState.values())
                .filter(OperationState::isFinal)
                .forEach(state -> text.append("    %s --> [*]\n".formatted(state)));
        text.append("```\n\n| From | Trigger | If | To | Because |\n|---|---|---|---|---|\n");
        for (OperationEdge edge : Edges.TABLE.operations()) {
            text.append("| %s | %s | %s | %s | %s |\n"
                    .formatted(edge.from(), edge.trigger(), edge.guard().description(), edge.to(), edge.reason()));
        }
        text.append(
                "\n## The steps\n\nEach step concerns one node. An operation ends early when it is cancelled or a step"
                        + " has failed.\n");
        for (StepKind kind : StepKind.values()) {
            append(text, kind);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, StepKind kind) {
        text.append("\n### `%s`\n\nRuns %s.\n\n```mermaid\nstateDiagram-v2\n    [*] --> PENDING\n"
                .formatted(kind.written(), kind.waitsFor()));
        Edges.TABLE.steps().stream()
                .filter(edge -> edge.kind() == kind)
                .forEach(edge -> text.append("    %s --> %s: %s\n"
                        .formatted(
                                edge.from(),
                                edge.to(),
                                label(edge.trigger(), edge.guard().description()))));
        text.append("```\n\n| From | Trigger | If | To | Because |\n|---|---|---|---|---|\n");
        Edges.TABLE.steps().stream()
                .filter(edge -> edge.kind() == kind)
                .forEach(edge -> text.append("| %s | %s | %s | %s | %s |\n"
                        .formatted(edge.from(), edge.trigger(), edge.guard().description(), edge.to(), edge.reason())));
    }

    private static String label(Trigger.Kind trigger, String condition) {
        return trigger == Trigger.Kind.TICK ? condition : trigger + ", " + condition;
    }

    @Test
    void everyStateIsReached() {
        assertThat(Edges.TABLE.operations().stream().map(OperationEdge::to))
                .contains(Arrays.stream(OperationState.values()).toArray(OperationState[]::new));
        for (StepKind kind : StepKind.values()) {
            assertThat(Edges.TABLE.steps().stream()
                            .filter(edge -> edge.kind() == kind)
                            .map(StepEdge::to))
                    .contains(StepState.RUNNING, StepState.SUCCEEDED, StepState.FAILED, StepState.SKIPPED);
        }
    }
}
