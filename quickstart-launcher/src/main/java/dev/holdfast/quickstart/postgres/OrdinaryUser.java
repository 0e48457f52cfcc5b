package dev.holdfast.quickstart.postgres;

import dev.holdfast.quickstart.process.ProcessFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * PostgreSQL refuses to run as root. Root therefore runs it in a user namespace, in which it is nobody in particular while
 * its files stay root's.
 */
final class OrdinaryUser {

    private static final List<String> IN_USER_NAMESPACE = List.of("unshare", "--user");

    private static final long TRIAL_SECONDS = 10;

    private OrdinaryUser() {}

    /** What to put before a command of PostgreSQL; empty for everyone but root. */
    static List<String> prefix() throws IOException, InterruptedException, ProcessFailedException {
        if (!isRoot()) {
            return List.of();
        }
        if (!works(IN_USER_NAMESPACE)) {
            throw new ProcessFailedException("PostgreSQL doesn't run as root, and this system doesn't let root step"
                    + " into a user namespace (\"unshare --user\" fails). Run ./quickstart as another user.");
        }
        return IN_USER_NAMESPACE;
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self").toRealPath(), "unix:uid")
                .equals(0);
    }

    private static boolean works(List<String> prefix) throws InterruptedException {
        try {
            Process trial = new ProcessBuilder(
                            Stream.concat(prefix.stream(), Stream.of("true")).toList())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return trial.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS) && trial.exitValue() == 0;
        } catch (IOException e) {
            return false; // There is no such program.
        }
    }
}
