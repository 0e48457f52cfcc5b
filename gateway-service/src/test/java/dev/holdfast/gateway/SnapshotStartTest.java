package dev.holdfast.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.model.health.HealthStatus;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.store.memory.InMemoryClusterStateStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotStartTest {

    @TempDir
    private Path folder;

    @Test
    void servesFromDiskWithTheStoreDownAndSendsNothingToNodesKnownDown() {
        InMemoryClusterStateStore store = TestGateway.newStore();
        try (TestNode one = new TestNode("node-1");
                TestNode two = new TestNode("node-2");
                TestNode three = new TestNode("node-3")) {
            try (TestGateway before = TestGateway.start(store, folder)) {
                before.declare(Settings.fast(), List.of(one, two, three));
                before.judge(two, HealthStatus.UNHEALTHY);
                assertThat(before.get("/").statusCode()).isEqualTo(200);
            }
            assertThat(Files.exists(folder.resolve("snapshot.json"))).isTrue();
            store.goAway();
            try (TestGateway after = TestGateway.start(store, folder)) {
                for (int i = 0; i < 10; i++) {
                    assertThat(after.get("/").statusCode()).isEqualTo(200);
                }
                assertThat(two.arrivals()).isZero();
                assertThat(after.followsStore()).isFalse();
                store.comeBack();
                await().until(after::followsStore);
                after.removeNode(one);
                assertThat(after.activity().of(new NodeId("node-1")).inTable()).isFalse();
            }
        }
    }

    @Test
    void keepsRoutingAndEjectingWhileTheStoreIsAway() {
        InMemoryClusterStateStore store = TestGateway.newStore();
        try (TestNode one = new TestNode("node-1");
                TestNode two = new TestNode("node-2");
                TestGateway gateway = TestGateway.start(store, folder)) {
            gateway.declare(Settings.withLongEjections(), List.of(one, two));
            store.goAway();
            two.kill();
            try (Load load = new Load(gateway, 8)) {
                load.letPass(300);
                assertThat(load.stop()).containsOnlyKeys("200");
            }
            assertThat(gateway.activity().of(new NodeId("node-2")).ejectedUntil())
                    .isPresent();
        }
    }

    @Test
    void startsWithoutATableWhenNeitherStoreNorSnapshotIsThere() throws java.io.IOException {
        Files.writeString(folder.resolve("snapshot.json"), "not json");
        InMemoryClusterStateStore store = TestGateway.newStore();
        store.goAway();
        try (TestGateway gateway = TestGateway.start(store, folder)) {
            assertThat(gateway.get("/").statusCode()).isEqualTo(404);
            assertThat(gateway.get("/").body()).contains("no-route");
            assertThat(gateway.get("/webjars/swagger-ui/index.html").statusCode())
                    .isEqualTo(404);
            assertThat(gateway.get("/actuator/health").statusCode()).isEqualTo(404);
        }
    }
}
