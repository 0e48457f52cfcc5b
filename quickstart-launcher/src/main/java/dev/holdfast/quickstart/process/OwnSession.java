package dev.holdfast.quickstart.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts a command in a session of its own, so that a Ctrl-C in the terminal reaches the launcher only, which then stops
 * everything in order. The process id stays the one of the command.
 */
final class OwnSession {

    private OwnSession() {}

    /** The command with what it takes to start it in its own session; unchanged where the system has no means for it. */
    static List<String> of(List<String> command) {
        List<String> whole = new ArrayList<>();
        if (onPath("setsid").isPresent()) {
            whole.add("setsid");
        } else if (onPath("perl").isPresent()) {
            whole.addAll(List.of("perl", "-MPOSIX=setsid", "-e", "setsid(); exec @ARGV or die $!", "--"));
        }
        whole.addAll(command);
        return whole;
    }

    private static Optional<Path> onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
        return List.of(path.split(File.pathSeparator)).stream()
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
