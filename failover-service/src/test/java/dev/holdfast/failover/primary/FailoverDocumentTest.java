package dev.holdfast.failover.primary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.replication.FailoverPhase;
import dev.holdfast.model.replication.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The operators' document tells of everything that they can meet. */
class FailoverDocumentTest {

    @Test
    void everyPhaseAndEveryRefusalHasItsRow() throws IOException {
        String document = Files.readString(Path.of("..", "docs", "failover.md"));
        for (FailoverPhase phase : FailoverPhase.values()) {
            assertThat(document).contains("\n| `" + phase + "` |");
        }
        for (Refusal.Code code : Refusal.Code.values()) {
            assertThat(document).contains("\n| `" + code + "` |");
        }
    }
}
