package dev.holdfast.quickstart.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Sends signals, which Java by itself can do only for two of them. */
final class Signals {

    private static final long KILL_TIMEOUT_SECONDS = 5;

    private Signals() {}

    /** Asks the process to end, and wakes it in case it was stopped, so that it can. No effect on one that has ended. */
    static void askToEnd(ProcessHandle process, String signal) throws IOException, InterruptedException {
        if (process.isAlive()) {
            List<String> command = new ArrayList<>();
            command.add("/bin/sh");
            command.add("-c");
            command.add("kill -s \"$2\" \"$1\"; kill -s CONT \"$1\"");
            command.add("sh");
            command.add(Long.toString(process.pid()));
            command.add(signal);
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(KILL_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Kills the process and everything that it has started, stopped or not. */
    static void kill(ProcessHandle process) {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroyForcibly();
        descendants.forEach(ProcessHandle::destroyForcibly);
    }
}
