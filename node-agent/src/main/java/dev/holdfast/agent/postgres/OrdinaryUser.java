package dev.holdfast.agent.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * PostgreSQL refuses to run as root. An agent that is root runs it as the user that is set, else as the owner of the data
 * directory, and where that is root too, in a user namespace, in which it is nobody in particular.
 */
final class OrdinaryUser {

    private OrdinaryUser() {}

    /** What to put before a command of PostgreSQL; it replaces itself by the command, so that the process id stays. */
    static List<String> prefix(Path dataDirectory, Optional<String> runAs) throws IOException {
        if (uid(Path.of("/proc/self").toRealPath()) != 0) {
            return List.of();
        }
        if (runAs.isPresent()) {
            String user = runAs.get();
            return List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--init-groups", "--");
        }
        int owner = Files.isDirectory(dataDirectory) ? uid(dataDirectory) : 0;
        if (owner != 0) {
            Object group = Files.getAttribute(dataDirectory, "unix:gid");
            return List.of("setpriv", "--reuid=" + owner, "--regid=" + group, "--clear-groups", "--");
        }
        return List.of("unshare", "--user", "--");
    }

    private static int uid(Path path) throws IOException {
        return Files.getAttribute(path, "unix:uid") instanceof Integer uid ? uid : 0;
    }
}
