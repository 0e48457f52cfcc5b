package dev.holdfast.quickstart.port;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells which process listens on a port, where the system lets one see: Linux, own processes or as root. */
final class PortHolder {

    private static final Path PROC = Path.of("/proc");

    private static final String LISTENING = "0A";

    private static final int SHOWN_COMMAND = 120;

    private PortHolder() {}

    /** The holder in words for people, with its process id; empty when it can't be told. */
    static Optional<String> find(int port) {
        try {
            return listeningInode(port).flatMap(PortHolder::processWithSocket).map(PortHolder::describe);
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty(); // Not Linux, or not ours to see: the port's number has to do.
        }
    }

    private static Optional<String> listeningInode(int port) throws IOException {
        String wantedPort = "%04X".formatted(port);
        for (Path table : List.of(PROC.resolve("net/tcp"), PROC.resolve("net/tcp6"))) {
            if (!Files.isReadable(table)) {
                continue;
            }
            for (String line : Files.readAllLines(table)) {
                List<String> columns = List.of(line.strip().split("\\s+"));
                if (columns.size() > 9
                        && columns.get(1).endsWith(":" + wantedPort)
                        && columns.get(3).equals(LISTENING)) {
                    return Optional.of(columns.get(9));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<ProcessHandle> processWithSocket(String inode) {
        return ProcessHandle.allProcesses()
                .filter(process -> holdsSocket(process.pid(), inode))
                .findFirst();
    }

    private static boolean holdsSocket(long pid, String inode) {
        try (Stream<Path> descriptors = Files.list(PROC.resolve(pid + "/fd"))) {
            return descriptors.anyMatch(descriptor -> pointsTo(descriptor, "socket:[" + inode + "]"));
        } catch (IOException | UncheckedIOException e) {
            return false; // The process has ended meanwhile, or belongs to somebody else.
        }
    }

    private static boolean pointsTo(Path descriptor, String target) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals(target);
        } catch (IOException e) {
            return false; // Closed meanwhile.
        }
    }

    private static String describe(ProcessHandle process) {
        String command =
                process.info().commandLine().or(() -> process.info().command()).orElse("a process");
        String shown = command.length() > SHOWN_COMMAND ? command.substring(0, SHOWN_COMMAND) + " …" : command;
        return "held by process " + process.pid() + " (" + shown + ")";
    }
}
