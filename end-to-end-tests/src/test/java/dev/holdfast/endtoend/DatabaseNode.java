package dev.holdfast.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A node of the quickstart's database, and the signals to hurt its agent and its server with. */
record DatabaseNode(RunningQuickstart quickstart, String name) {

    /** The agent and every process of the server, as a machine that loses its power. */
    void crash() throws IOException, InterruptedException {
        signalAll("KILL");
    }

    /** The server's first process alone; the others end with it. */
    void killPostmaster() throws IOException, InterruptedException {
        RunningQuickstart.signal("KILL", postmaster().orElseThrow().pid());
    }

    /** The agent and every process of the server, as a machine that hangs. */
    void freeze() throws IOException, InterruptedException {
        signalAll("STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signalAll("CONT");
    }

    private void signalAll(String signal) throws IOException, InterruptedException {
        List<String> pids = new ArrayList<>();
        quickstart.pid(name).ifPresent(pid -> pids.add(Long.toString(pid)));
        postmaster().stream()
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .forEach(process -> pids.add(Long.toString(process.pid())));
        List<String> command = new ArrayList<>(List.of("kill", "-s", signal));
        command.addAll(pids);
        // One call for all. Some may end meanwhile, which kill reports and nobody minds.
        new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private Optional<ProcessHandle> postmaster() throws IOException {
        Path file = quickstart.data().resolve(name).resolve("data").resolve("postmaster.pid");
        try {
            return Files.readAllLines(file).stream()
                    .findFirst()
                    .map(String::strip)
                    .map(Long::valueOf)
                    .flatMap(ProcessHandle::of);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
