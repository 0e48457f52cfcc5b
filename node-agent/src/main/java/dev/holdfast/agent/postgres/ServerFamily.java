package dev.holdfast.agent.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The processes of the server in a data directory, which all of them work in; read from {@code /proc}. */
final class ServerFamily {

    private static final Path PROCESSES = Path.of("/proc");

    private static final char ZOMBIE = 'Z';

    private ServerFamily() {}

    /** All that live, in no order. */
    static List<ProcessHandle> in(Path data) {
        try (Stream<Path> entries = Files.list(PROCESSES)) {
            return entries.map(entry -> String.valueOf(entry.getFileName()))
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(Long::parseLong)
                    .filter(pid -> worksIn(pid, data))
                    .flatMap(pid -> ProcessHandle.of(pid).stream())
                    .filter(ServerFamily::isAlive)
                    .toList();
        } catch (IOException e) {
            return List.of(); // No such system: what is known is then only the one process that the caller knows.
        }
    }

    /** The process of that id, when it works in the data directory. */
    static Optional<ProcessHandle> member(long pid, Path data) {
        return ProcessHandle.of(pid).filter(ServerFamily::isAlive).filter(process -> worksIn(pid, data));
    }

    /** Unlike Java, doesn't take one for alive that has ended and whose parent hasn't noticed. */
    static boolean isAlive(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            String status = Files.readString(
                    PROCESSES.resolve(Long.toString(process.pid())).resolve("stat"));
            int state = status.lastIndexOf(')') + 2;
            return state >= status.length() || status.charAt(state) != ZOMBIE;
        } catch (IOException e) {
            return process.isAlive();
        }
    }

    private static boolean worksIn(long pid, Path data) {
        try {
            Path folder =
                    Files.readSymbolicLink(PROCESSES.resolve(Long.toString(pid)).resolve("cwd"));
            return folder.equals(data.toRealPath());
        } catch (IOException | SecurityException e) {
            return false; // It has ended, or is somebody else's.
        }
    }
}
