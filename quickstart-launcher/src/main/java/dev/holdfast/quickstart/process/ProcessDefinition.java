package dev.holdfast.quickstart.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How one process is run.
 *
 * @param port the one that users or other processes reach it on; 0 when there is none
 * @param environment added to the few variables that every process inherits
 * @param log takes its output
 * @param readiness when it counts as started
 * @param restarted whether it is started again when it dies; sample nodes are not, so that users see the failover
 * @param stopSignal asks it to end: {@code TERM}, or {@code INT} where that means a faster end
 * @param stopGrace how long it may take to end before it is killed
 */
public record ProcessDefinition(
        String name,
        int port,
        List<String> command,
        Map<String, String> environment,
        Path log,
        Readiness readiness,
        boolean restarted,
        String stopSignal,
        Duration stopGrace) {

    /** Nobody reaches it. */
    public static final int NO_PORT = 0;

    public ProcessDefinition {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** One that does something and ends; nobody reaches it. */
    public static ProcessDefinition passing(
            String name, List<String> command, Map<String, String> environment, Path log) {
        return new ProcessDefinition(
                name, NO_PORT, command, environment, log, () -> true, false, "TERM", Duration.ofSeconds(1));
    }
}
