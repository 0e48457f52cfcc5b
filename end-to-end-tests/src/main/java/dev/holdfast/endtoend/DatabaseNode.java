package dev.holdfast.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A PostgreSQL node, and the signals to hurt its agent and its server with.
 *
 * @param agent the process id of its agent, when that runs
 * @param data its data directory
 */
public record DatabaseNode(Supplier<Optional<Long>> agent, Path data) {

    /** The agent and every process of the server, as a machine that loses its power. */
    public void crash() throws IOException, InterruptedException {
        signalAll("KILL");
    }

    /** The server's first process alone; the others end with it. */
    public void killPostmaster() throws IOException, InterruptedException {
        RunningQuickstart.signal("KILL", postmaster().orElseThrow().pid());
    }

    /** The agent and every process of the server, as a machine that hangs. */
    public void freeze() throws IOException, InterruptedException {
        signalAll("STOP");
    }

    public void thaw() throws IOException, InterruptedException {
        signalAll("CONT");
    }

    private void signalAll(String signal) throws IOException, InterruptedException {
        List<String> pids = new ArrayList<>();
        agent.get().ifPresent(pid -> pids.add(Long.toString(pid)));
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
        try {
            return Files.readAllLines(data.resolve("postmaster.pid")).stream()
                    .findFirst()
                    .map(String::strip)
                    .map(Long::valueOf)
                    .flatMap(ProcessHandle::of);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
