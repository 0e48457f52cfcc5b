package dev.holdfast.agent.postgres;

import dev.holdfast.agent.disk.DurableFile;
import dev.holdfast.model.replication.OrderNumber;
import dev.holdfast.model.topology.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** The files of a data directory that the agent reads and writes. Each change is durable when it returns. */
final class DataDirectory {

    private static final String STANDBY_SIGNAL = "standby.signal";

    /** The user's own; a copy of another node's data doesn't replace them. */
    private static final List<String> OF_THE_USER =
            List.of("postgresql.conf", "postgresql.auto.conf", "pg_hba.conf", "pg_ident.conf");

    /** Among the data, so that both change places in one step. */
    private static final String CLONED_BY = "holdfast.cloned-by";

    private static final int CLONED_BY_WORDS = 3;

    private final Path folder;
    private final Path configuration;

    DataDirectory(Path folder, Path configuration) {
        this.folder = folder;
        this.configuration = configuration;
    }

    Path folder() {
        return folder;
    }

    boolean exists() {
        return Files.exists(folder.resolve("PG_VERSION"));
    }

    int majorVersion() throws PostgresException {
        return attempt(
                "read its version",
                () -> Integer.parseInt(
                        Files.readString(folder.resolve("PG_VERSION")).strip()));
    }

    ControlFile control() throws PostgresException {
        return ControlFile.read(folder);
    }

    boolean hasStandbySignal() {
        return Files.exists(folder.resolve(STANDBY_SIGNAL));
    }

    /** From here on, whoever starts the server starts a standby. */
    void putStandbySignal() throws PostgresException {
        attempt("put " + STANDBY_SIGNAL, () -> {
            if (!hasStandbySignal()) {
                DurableFile.write(folder.resolve(STANDBY_SIGNAL), "");
            }
            return folder;
        });
    }

    void removeStandbySignal() throws PostgresException {
        attempt("remove " + STANDBY_SIGNAL, () -> {
            DurableFile.delete(folder.resolve(STANDBY_SIGNAL));
            return folder;
        });
    }

    /** Writes the agent's settings and entries; touches the user's files only to name ours in them, once. */
    void configure(OwnedSettings settings, String role, List<String> networks, boolean closed)
            throws PostgresException {
        attempt("write the agent's settings", () -> {
            DurableFile.write(configuration.resolve(OwnedSettings.FILE), settings.render());
            Path main = configuration.resolve("postgresql.conf");
            String content = Files.readString(main);
            if (content.lines().map(String::strip).noneMatch(OwnedSettings.INCLUDE::equals)) {
                DurableFile.write(
                        main,
                        content + "\n# Added by Holdfast's node-agent, once; its settings are in there.\n"
                                + OwnedSettings.INCLUDE + "\n");
            }
            Path hba = configuration.resolve("pg_hba.conf");
            String entries = Files.readString(hba);
            String wanted = HbaBlock.applied(entries, role, networks, closed);
            if (!wanted.equals(entries)) {
                DurableFile.write(hba, wanted);
            }
            return folder;
        });
    }

    /** Whether the entries for clients keep everyone out but the agents. */
    boolean isClosed() throws PostgresException {
        return attempt(
                "read who may connect",
                () -> HbaBlock.isClosed(Files.readString(configuration.resolve("pg_hba.conf"))));
    }

    /** Takes over the user's settings from another data directory of this node. */
    void keepSettingsOf(Path other) throws PostgresException {
        attempt("take over the settings of " + other, () -> {
            for (String name : OF_THE_USER) {
                if (Files.exists(other.resolve(name))) {
                    Files.copy(other.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                    DurableFile.giveToOwnerOf(folder, folder.resolve(name));
                }
            }
            return folder;
        });
    }

    /** Whether the agent's settings on disk are these. */
    boolean hasSettings(OwnedSettings settings) throws PostgresException {
        Path file = configuration.resolve(OwnedSettings.FILE);
        return attempt(
                "read the agent's settings",
                () -> Files.exists(file) && Files.readString(file).equals(settings.render()));
    }

    /** Whether the data are a copy on which no server has started yet: it starts in line with what it was made of. */
    boolean isFreshCopy() {
        return Files.exists(folder.resolve("backup_label"));
    }

    /** Notes which order made these data by a clone; without one, that none did. */
    void markCloned(NodeId node, Optional<OrderNumber> by) throws PostgresException {
        attempt("note who cloned it", () -> {
            Path file = folder.resolve(CLONED_BY);
            if (by.isPresent()) {
                DurableFile.write(
                        file, node + " " + by.get().epoch() + " " + by.get().step() + "\n");
            } else {
                DurableFile.delete(file);
            }
            return folder;
        });
    }

    /** The order that made these data by a clone; empty for original ones, and for a copy that this node didn't make. */
    Optional<OrderNumber> clonedBy(NodeId node) throws PostgresException {
        Path file = folder.resolve(CLONED_BY);
        return attempt("read " + file, () -> {
            String[] words = Files.exists(file) ? Files.readString(file).strip().split(" ", -1) : new String[0];
            return words.length == CLONED_BY_WORDS && words[0].equals(node.value())
                    ? Optional.of(new OrderNumber(Long.parseLong(words[1]), Long.parseLong(words[2])))
                    : Optional.empty();
        });
    }

    private interface FileWork<T> {
        T run() throws IOException;
    }

    private <T> T attempt(String what, FileWork<T> work) throws PostgresException {
        try {
            return work.run();
        } catch (IOException | NumberFormatException e) {
            throw new PostgresException(folder + ": can't " + what + ": " + e, e);
        }
    }
}
