package dev.holdfast.region.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.journal.EventType;
import dev.holdfast.model.journal.JournalEntry;
import dev.holdfast.model.journal.JournalFilter;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** How a stream ends that was not to end. */
@Timeout(30)
@ExtendWith(OutputCaptureExtension.class)
class JournalStreamEndTest {

    private static final JournalSettings SETTINGS = new JournalSettings(Duration.ofMillis(50), 1, Duration.ofHours(1));

    private final InMemoryClusterStateStore store = new InMemoryClusterStateStore(() -> Instant.EPOCH);
    private final SseEmitter emitter = new SseEmitter(0L);
    private final JournalStream stream =
            new JournalStream(store, SETTINGS, System::nanoTime, JournalFilter.ALL, Revision.NONE, emitter);

    @Test
    void aClientThatLeftIsNoError(CapturedOutput output) {
        emitter.complete();

        stream.run();

        assertThat(output).doesNotContain("a stream of the journal failed");
    }

    @Test
    void aFaultInsideIsNotTakenForAClientThatLeft(CapturedOutput output) {
        store.change(change -> change.record(JournalEntry.of(EventType.OBSERVER_LOST, "test", "happened")));

        // The store refuses to be called from inside another call: a fault of the kind that ends a stream.
        store.read(view -> {
            stream.run();
            return true;
        });

        assertThat(output).contains("a stream of the journal failed");
    }
}
