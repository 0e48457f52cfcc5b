package dev.holdfast.quickstart.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A small shell process that outlives the launcher when the launcher is killed, and then stops what it leaves behind. It
 * is told the running process ids through a pipe; the end of that pipe is how it learns that the launcher is gone.
 */
final class OrphanGuard implements AutoCloseable {

    private static final long END_TIMEOUT_SECONDS = 5;

    private static final String SCRIPT = """
            trap '' HUP INT TERM
            pids=
            while read -r line; do pids=$line; done
            [ -n "$pids" ] || exit 0
            echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) the launcher is gone: stopping $pids"
            kill -s TERM $pids
            kill -s CONT $pids
            for second in 1 2 3 4 5 6 7 8 9 10; do
              sleep 1
              alive=
              for pid in $pids; do kill -s 0 "$pid" && alive="$alive $pid"; done
              [ -n "$alive" ] || exit 0
            done
            echo "killing$alive"
            kill -s KILL $alive
            """;

    private final Process process;
    private final OutputStream pipe;

    OrphanGuard(Path log) throws IOException {
        process = new ProcessBuilder(OwnSession.of(List.of("/bin/sh", "-c", SCRIPT, "holdfast-quickstart-guard")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
                .start();
        pipe = process.getOutputStream();
    }

    /** Says which processes there are to stop from now on. */
    void watch(List<Long> pids) throws IOException {
        if (process.isAlive()) {
            String line = pids.stream().map(String::valueOf).collect(Collectors.joining(" ")) + "\n";
            pipe.write(line.getBytes(StandardCharsets.US_ASCII));
            pipe.flush();
        }
    }

    /** Ends the guard, which stops whatever it was told of last and waits for that. */
    @Override
    public void close() throws IOException {
        pipe.close();
        try {
            if (!process.waitFor(END_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
