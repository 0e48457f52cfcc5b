package dev.holdfast.gateway.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.gateway.routing.TestClusters;
import dev.holdfast.model.health.NodeHealth;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.AdminState;
import dev.holdfast.model.topology.Balancing;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.ClusterSettings;
import dev.holdfast.model.topology.Ejection;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.Region;
import dev.holdfast.model.topology.RegionId;
import dev.holdfast.model.topology.RestartHook;
import dev.holdfast.model.topology.Route;
import dev.holdfast.model.topology.ZoneId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFileTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.123456Z");

    @TempDir
    private Path folder;

    private static ClusterState state() {
        Node node = TestClusters.node("n0", "a", 3, AdminState.DRAINING);
        NodeHealth health = TestClusters.health(node.id(), true);
        return new ClusterState(
                new Revision(42),
                List.of(new Region(
                        new RegionId("r"), "R", List.of(new ZoneId("a")), Map.of("k", "v"), new Revision(1))),
                Map.of(
                        new ClusterId("c"),
                        TestClusters.members(
                                TestClusters.settings(Balancing.DEFAULT, Ejection.DEFAULT, new Route("*", "/x")),
                                List.of(node),
                                List.of(health))));
    }

    @Test
    void readsWhatItWrote() throws IOException {
        SnapshotFile file = file();
        assertThat(file.read()).isEmpty();
        file.write(ClusterState.EMPTY, NOW);
        file.write(state(), NOW);
        assertThat(file.read()).contains(new SnapshotFile.Snapshot(1, NOW, state()));
        assertThat(folder.resolve("deep").toFile().list()).containsExactly("snapshot.json");
    }

    @Test
    void setsAFileAsideThatItCannotRead() throws IOException {
        SnapshotFile file = file();
        for (String content :
                List.of("", "{", "{\"format\":1}", "null", "{\"format\":2,\"writtenAt\":\"2026-01-02T03:04:05Z\"}")) {
            Files.createDirectories(folder.resolve("deep"));
            Files.writeString(folder.resolve("deep/snapshot.json"), content);
            assertThat(file.read()).as(content).isEmpty();
            assertThat(folder.resolve("deep/snapshot.json")).doesNotExist();
            assertThat(folder.resolve("deep/snapshot.json.unusable")).hasContent(content);
        }
    }

    @Test
    void keepsTheOldFileWhenANewOneCannotBeWritten() throws IOException {
        SnapshotFile file = file();
        file.write(state(), NOW);
        // A folder stands where the new content would go.
        Files.createDirectories(folder.resolve("deep/snapshot.json.new/x"));
        assertThatThrownBy(() -> file.write(ClusterState.EMPTY, NOW)).isInstanceOf(IOException.class);
        assertThat(file.read()).map(SnapshotFile.Snapshot::state).contains(state());
    }

    @Test
    void keepsWhatItHoldsFromOtherUsersAndHoldsNoHooks() throws IOException {
        ClusterSettings open = TestClusters.settings(Balancing.DEFAULT, Ejection.DEFAULT, new Route("*", "/x"));
        ClusterSettings secret = new ClusterSettings(
                open.redundancy(),
                open.routes(),
                open.check(),
                open.balancing(),
                open.retries(),
                open.ejection(),
                open.drainTimeout(),
                open.synchronisation(),
                Optional.of(new RestartHook("http://deployer/", Duration.ofSeconds(60), Optional.of("Bearer secret"))),
                Optional.empty());
        ClusterState state = new ClusterState(
                new Revision(1),
                List.of(),
                Map.of(new ClusterId("c"), TestClusters.members(secret, List.of(), List.of())));
        // What an interrupted write of an older gateway may have left behind, readable for all.
        Files.createDirectories(folder.resolve("deep"));
        Files.writeString(folder.resolve("deep/snapshot.json.new"), "half");
        SnapshotFile file = file();
        file.write(state, NOW);
        Path written = folder.resolve("deep/snapshot.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(written)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(written)).doesNotContain("secret");
        assertThat(file.read().orElseThrow().state().clusters().get(new ClusterId("c")))
                .isEqualTo(TestClusters.members(open, List.of(), List.of()));
    }

    private SnapshotFile file() {
        return new SnapshotFile(folder.resolve("deep/snapshot.json"), HoldfastJson.jsonMapper());
    }
}
