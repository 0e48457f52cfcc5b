package dev.holdfast.failover.promotion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.failover.GeneratedDocument;
import dev.holdfast.model.replication.FailoverPhase;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/failover-states.md} equal to the table of edges. */
class FailoverStatesDocumentTest {

    private static final GeneratedDocument DOCUMENT =
            new GeneratedDocument("failover-states.md", FailoverStatesDocumentTest.class);

    @Test
    void theCommittedDocumentShowsTheTable() throws IOException {
        DOCUMENT.assertShows(document());
    }

    @Test
    void everyPhaseIsReachedAndLeft() {
        for (FailoverPhase phase : FailoverPhase.values()) {
            assertThat(FailoverEdges.TABLE.edges()).anyMatch(edge -> edge.from() == phase);
            assertThat(FailoverEdges.TABLE.edges()).anyMatch(edge -> edge.to() == phase);
        }
    }

    @Test
    void refusesTwoEdgesForOneCondition() {
        FailoverEdge edge = FailoverEdges.TABLE.edges().getFirst();
        assertThatThrownBy(() -> new FailoverEdges(List.of(edge, edge))).isInstanceOf(IllegalArgumentException.class);
    }

    private static String document() {
        StringBuilder text = new StringBuilder("""
                # States of a primary

                Generated from the table of edges in `failover-service` (`FailoverEdges`). Don't edit it; regenerate it with

                    %s

                A state is a promise; work happens on edges. Of the edges that leave a state, the first whose condition
                holds is taken. Each change is stored by compare-and-set before the orders that belong to it are given.
                [ADR 10](adr/0010-failover-protocol.md) explains the protocol.

                | State | Promise |
                |---|---|
                """.formatted(DOCUMENT.regenerate()));
        for (FailoverPhase phase : FailoverPhase.values()) {
            text.append("| %s | %s |\n".formatted(phase, phase.promise()));
        }
        text.append("\n```mermaid\nstateDiagram-v2\n    [*] --> STEADY\n");
        for (FailoverEdge edge : FailoverEdges.TABLE.edges()) {
            text.append("    %s --> %s: %s\n".formatted(edge.from(), edge.to(), edge.guard()));
        }
        text.append("```\n");
        for (FailoverPhase phase : FailoverPhase.values()) {
            text.append("\n## %s\n\n| If | To | Which | Because |\n|---|---|---|---|\n".formatted(phase));
            FailoverEdges.TABLE.edges().stream()
                    .filter(edge -> edge.from() == phase)
                    .forEach(edge -> text.append("| %s (`%s`) | %s | %s | %s |\n"
                            .formatted(
                                    edge.guard().description(),
                                    edge.guard(),
                                    edge.to(),
                                    edge.work().description(),
                                    edge.reason())));
        }
        return text.toString();
    }
}
