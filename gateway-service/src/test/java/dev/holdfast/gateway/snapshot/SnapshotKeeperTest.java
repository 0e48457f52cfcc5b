package dev.holdfast.gateway.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotKeeperTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @TempDir
    private Path folder;

    private SnapshotFile file;
    private SnapshotKeeper keeper;
    private Path obstacle;

    @BeforeEach
    void start() {
        obstacle = folder.resolve("snapshot.json.new/in-the-way");
        file = new SnapshotFile(folder.resolve("snapshot.json"), HoldfastJson.jsonMapper());
        keeper = new SnapshotKeeper(file, InstantSource.system(), Executors.newSingleThreadScheduledExecutor(), meters);
    }

    @AfterEach
    void stop() {
        keeper.close();
    }

    private static ClusterState state(long revision) {
        return new ClusterState(new Revision(revision), List.of(), Map.of());
    }

    private Optional<Revision> written() {
        return file.read().map(snapshot -> snapshot.state().revision());
    }

    private double failures() {
        return meters.get("holdfast.gateway.snapshot.failures").counter().count();
    }

    @Test
    void writesWithoutBeingClosed() {
        keeper.keep(state(1));
        await().until(() -> written().equals(Optional.of(new Revision(1))));
    }

    @Test
    void triesAgainWhenAWriteHasFailed() throws IOException {
        Files.createDirectories(obstacle);
        keeper.keep(state(1));
        await().until(() -> failures() > 0);
        assertThat(written()).isEmpty();

        Files.delete(obstacle);
        Files.delete(obstacle.getParent());
        await().atMost(Duration.ofSeconds(20)).until(() -> written().equals(Optional.of(new Revision(1))));
    }

    @Test
    void prefersANewerStateToTheOneThatFailed() throws IOException {
        Files.createDirectories(obstacle);
        keeper.keep(state(1));
        await().until(() -> failures() > 0);
        keeper.keep(state(2));
        Files.delete(obstacle);
        Files.delete(obstacle.getParent());
        await().atMost(Duration.ofSeconds(20)).until(() -> written().equals(Optional.of(new Revision(2))));
    }
}
