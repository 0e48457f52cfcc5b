package dev.holdfast.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.holdfast.quickstart.port.Ports;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartLifecycleIT {

    @Test
    void stopsWithoutLeavingAProcessAndFindsItsDataAgain(@TempDir Path folder) throws Exception {
        Ports ports = RunningQuickstart.freePorts();
        String token;
        try (RunningQuickstart first = RunningQuickstart.start(folder.resolve("the data"), ports, "--no-database")) {
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
            List<ProcessHandle> running = first.launcher().descendants().toList();
            assertThat(running)
                    .extracting(ProcessHandle::pid)
                    .containsAll(first.processes().values());
            // A frozen process can't hear the request to end.
            first.freeze("node-4");
            assertThat(first.stop()).isZero();
            assertThat(running).noneMatch(ProcessHandle::isAlive);
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
            assertThat(second.processes()).containsKeys("db-1", "db-2", "db-3", "ledger");
            List<ProcessHandle> running = second.launcher().descendants().toList();
            second.launcher().destroyForcibly().waitFor();
            await("nothing outlives a killed launcher for long")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> running.stream().noneMatch(ProcessHandle::isAlive));
        }
        try (RunningQuickstart third = RunningQuickstart.start(folder.resolve("the data"), ports)) {
            tryTheThings(third);
            List<ProcessHandle> running = third.launcher().descendants().toList();
            RunningQuickstart.signal("INT", third.launcher().pid()); // As Ctrl-C does.
            assertThat(third.launcher().waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(third.launcher().exitValue()).isZero();
            assertThat(running).noneMatch(ProcessHandle::isAlive);
        }
    }

    /** Runs the lines that the quickstart prints for people to paste into a terminal. */
    private static void tryTheThings(RunningQuickstart quickstart) throws Exception {
        List<String> lines = quickstart.thingsToTry();
        assertThat(lines).hasSize(9);
        String watching = lines.get(0);
        assertThat(watching).startsWith("while sleep 0.2; do ").endsWith("; done");
        assertThat(shell(watching.replace("while sleep 0.2", "for time in 1 2 3")))
                .contains("node-");

        shell(lines.get(1));
        await("the answer says why the node is out")
                .atMost(Duration.ofSeconds(20))
                .until(() -> shell(lines.get(2)).contains("UNHEALTHY"));
        shell(lines.get(3));
        await("the node is back")
                .atMost(Duration.ofSeconds(30))
                .until(() -> quickstart.control().inRotation("node-1"));

        await("the restart begins")
                .atMost(Duration.ofSeconds(20))
                .until(() -> shell(lines.get(4)).contains("ROLLING_RESTART"));
        await("all four are restarted")
                .atMost(Duration.ofMinutes(2))
                .until(() -> shell(lines.get(5)).contains("SUCCEEDED"));

        shell(lines.get(6).replace("tail -f", "test -f"));
        await("the primary is handed over")
                .atMost(Duration.ofSeconds(30))
                .until(() -> shell(lines.get(7)).contains("SWITCHOVER"));
        await("another one is primary")
                .atMost(Duration.ofMinutes(1))
                .until(() -> shell(lines.get(8)).contains("COMPLETED"));
    }

    private static String shell(String line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("/bin/sh", "-c", line)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(line + " says " + output).isZero();
        return output;
    }
}
