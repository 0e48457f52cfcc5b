package dev.holdfast.quickstart.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.holdfast.quickstart.data.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final String RUN_ON = "echo begun; exec sleep 600";

    @TempDir
    private Path folder;

    private final List<String> announced = new CopyOnWriteArrayList<>();
    private DataDirectory data;
    private Supervisor supervisor;

    @BeforeEach
    void open() throws IOException {
        data = DataDirectory.open(folder.resolve("data"));
        supervisor = new Supervisor(data, announced::add, System::nanoTime);
    }

    @AfterEach
    void close() throws IOException, InterruptedException {
        supervisor.stopAll(List.of());
        supervisor.close();
        data.close();
    }

    @Test
    void listsWhatRunsAndStopsIt() throws Exception {
        begin("a", RUN_ON, true);
        begin("b", RUN_ON, false);
        long pid = supervisor.pid("a").orElseThrow();
        assertThat(listed()).contains("\"name\" : \"a\"", "\"pid\" : " + pid, "\"port\" : 1234", "\"name\" : \"b\"");
        supervisor.stopAll(List.of(List.of("b"), List.of("a")));
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(listed().strip()).isEqualTo("[ ]");
    }

    @Test
    void startsAgainWhatIsToBeKeptRunning() throws Exception {
        begin("a", RUN_ON, true);
        long first = supervisor.pid("a").orElseThrow();
        kill(first);
        await().atMost(LIMIT)
                .until(() -> supervisor.pid("a").filter(pid -> pid != first).isPresent());
        assertThat(listed()).contains("\"pid\" : " + supervisor.pid("a").orElseThrow());
        await().atMost(LIMIT).until(() -> announced.contains("a is back"));
        assertThat(announced.getFirst()).contains("a (process " + first + ") ended with signal 9");
    }

    @Test
    void runsToItsEndWhatIsToPass() throws Exception {
        supervisor.runToEnd(passing("echo done > passed"), LIMIT);
        assertThat(data.root().resolve("passed")).exists();
        assertThat(supervisor.names()).isEmpty();
    }

    @Test
    void saysWhatBecameOfAPassingProcessThatFailed() {
        assertThatThrownBy(() -> supervisor.runToEnd(passing("echo no room; exit 3"), LIMIT))
                .isInstanceOf(ProcessFailedException.class)
                .hasMessageContainingAll("a ended with exit code 3", "no room");
        assertThat(supervisor.names()).isEmpty();
    }

    @Test
    void endsAPassingProcessThatTakesTooLong() {
        assertThatThrownBy(() -> supervisor.runToEnd(passing("echo $$ > pid; exec sleep 600"), Duration.ofSeconds(1)))
                .isInstanceOf(ProcessFailedException.class)
                .hasMessageContaining("a did not end within 1 s");
        assertThat(data.root().resolve("pid"))
                .content()
                .satisfies(pid -> assertThat(
                                ProcessHandle.of(Long.parseLong(pid.strip())).filter(ProcessHandle::isAlive))
                        .isEmpty());
    }

    @Test
    void leavesDeadWhatIsNotToBeKeptRunning() throws Exception {
        begin("a", RUN_ON, false);
        kill(supervisor.pid("a").orElseThrow());
        await().atMost(LIMIT).until(() -> !announced.isEmpty());
        assertThat(announced).singleElement().asString().contains("goes on without it");
        assertThat(listed().strip()).isEqualTo("[ ]");
        supervisor.restart("a", LIMIT);
        assertThat(supervisor.pid("a")).isPresent();
    }

    @Test
    void leavesDownWhatWasTakenDown() throws Exception {
        begin("a", RUN_ON, true);
        supervisor.stop("a");
        assertThat(supervisor.pid("a")).isEmpty();
        supervisor.restart("a", LIMIT);
        assertThat(supervisor.pid("a")).isPresent();
        assertThat(announced).isEmpty();
    }

    @Test
    void saysHowAProcessThatDoesNotStartEnded() throws Exception {
        supervisor.start(definition("a", "echo the port is gone; exit 3", true, "TERM"));
        assertThatThrownBy(() -> supervisor.awaitReady("a", LIMIT))
                .isInstanceOf(ProcessFailedException.class)
                .hasMessageContaining("a did not start: it ended with exit code 3")
                .hasMessageContaining("the port is gone")
                .hasMessageContaining(data.log("a").toString());
    }

    @Test
    void wakesAStoppedProcessSoThatItCanEnd() throws Exception {
        begin("a", RUN_ON, true);
        signal("STOP", supervisor.pid("a").orElseThrow());
        supervisor.stopAll(List.of());
        assertThat(supervisor.pid("a")).isEmpty();
        assertThat(announced).isEmpty();
    }

    @Test
    void killsAProcessThatDoesNotEnd() throws Exception {
        begin("a", "trap '' TERM; echo begun; while :; do sleep 1; done", true);
        supervisor.stopAll(List.of());
        assertThat(supervisor.pid("a")).isEmpty();
        assertThat(announced).singleElement().asString().contains("killing it");
    }

    @Test
    void stopsWhatAnEarlierLauncherLeftBehind() throws Exception {
        Process left = new ProcessBuilder("sleep", "600").start();
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            long startedAt = left.info().startInstant().orElseThrow().toEpochMilli();
            Files.writeString(data.file("process-start-times.json"), """
                    [{"name": "left", "pid": %d, "startedAtMillis": %d},
                     {"name": "reused", "pid": %d, "startedAtMillis": %d}]""".formatted(
                            left.pid(), startedAt, stranger.pid(), startedAt - 3_600_000));
            Leftovers.stop(data, announced::add);
            assertThat(left.isAlive()).isFalse();
            assertThat(stranger.isAlive()).isTrue();
            assertThat(announced).singleElement().asString().endsWith("left");
        } finally {
            left.destroyForcibly();
            stranger.destroyForcibly();
        }
    }

    @Test
    void waitsLongerAfterEveryDeathInARow() {
        assertThat(Supervisor.pause(1)).isEqualTo(Duration.ofMillis(500));
        assertThat(Supervisor.pause(3)).isEqualTo(Duration.ofSeconds(2));
        assertThat(Supervisor.pause(100)).isEqualTo(Duration.ofSeconds(30));
    }

    private void begin(String name, String script, boolean restarted) throws Exception {
        supervisor.start(definition(name, script, restarted, "TERM"));
        supervisor.awaitReady(name, LIMIT);
    }

    private ProcessDefinition definition(String name, String script, boolean restarted, String signal) {
        Path log = data.log(name);
        return new ProcessDefinition(
                name,
                1234,
                List.of("/bin/sh", "-c", script),
                Map.of(),
                log,
                () -> contains(log, "begun"),
                restarted,
                signal,
                Duration.ofSeconds(2));
    }

    private static boolean contains(Path log, String text) {
        try {
            return Files.exists(log) && Files.readString(log).contains(text);
        } catch (IOException e) {
            return false;
        }
    }

    private String listed() throws IOException {
        return Files.readString(data.file("processes.json"));
    }

    private static void kill(long pid) throws IOException, InterruptedException {
        signal("KILL", pid);
    }

    private static void signal(String signal, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-s", signal, Long.toString(pid)).start().waitFor();
    }

    private ProcessDefinition passing(String script) throws IOException {
        return ProcessDefinition.passing("a", List.of("/bin/sh", "-c", script), Map.of(), data.log("a"));
    }
}
