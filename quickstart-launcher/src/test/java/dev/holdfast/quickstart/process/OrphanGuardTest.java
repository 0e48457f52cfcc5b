package dev.holdfast.quickstart.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphanGuardTest {

    @TempDir
    private Path folder;

    @Test
    void stopsWhatItWasToldOfLastWhenItsPipeEnds() throws Exception {
        Process forgotten = new ProcessBuilder("sleep", "600").start();
        Process watched = new ProcessBuilder("sleep", "600").start();
        try {
            OrphanGuard guard = new OrphanGuard(folder.resolve("guard.log"));
            guard.watch(List.of(forgotten.pid()));
            guard.watch(List.of(watched.pid()));
            guard.close();
            await().atMost(Duration.ofSeconds(10)).until(() -> !watched.isAlive());
            assertThat(forgotten.isAlive()).isTrue();
        } finally {
            forgotten.destroyForcibly();
            watched.destroyForcibly();
        }
    }
}
