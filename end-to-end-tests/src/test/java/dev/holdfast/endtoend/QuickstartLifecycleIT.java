package dev.holdfast.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.quickstart.port.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartLifecycleIT {

    @Test
    void stopsWithoutLeavingAProcessAndFindsItsDataAgain(@TempDir Path folder) throws Exception {
        Ports ports = RunningQuickstart.freePorts();
        String token;
        try (RunningQuickstart first = RunningQuickstart.start(folder.resolve("the data"), ports)) {
            token = first.token();
            assertThat(first.processes())
                    .containsOnlyKeys(
                            "postgres",
                            "region-service",
                            "health-service-1",
                            "health-service-2",
                            "health-service-3",
                            "failover-service",
                            "gateway-service",
                            "node-1",
                            "node-2",
                            "node-3",
                            "node-4");
            first.control().put("/api/v1/regions/elsewhere", "{\"zones\": [\"z\"]}");
            Collection<Long> running = first.processes().values();
            // A frozen process can't hear the request to end.
            first.freeze("node-4");
            assertThat(first.stop()).isZero();
            assertThat(running).noneMatch(QuickstartLifecycleIT::isAlive);
            assertThat(first.processes()).isEmpty();
        }
        try (RunningQuickstart second = RunningQuickstart.start(folder.resolve("the data"), ports)) {
            assertThat(second.token()).isEqualTo(token);
            assertThat(second.control()
                            .get("/api/v1/regions/elsewhere")
                            .path("zones")
                            .path(0)
                            .asString())
                    .isEqualTo("z");
            List<Long> running = List.copyOf(second.processes().values());
            second.launcher().destroyForcibly().waitFor();
            await("nothing outlives a killed launcher for long")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> running.stream().noneMatch(QuickstartLifecycleIT::isAlive));
        }
    }

    private static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }
}
