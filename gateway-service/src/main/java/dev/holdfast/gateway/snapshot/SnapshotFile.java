package dev.holdfast.gateway.snapshot;

import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.store.ClusterState.Members;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.ClusterId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The file that holds the last good cluster state. It is replaced whole: a reader finds the old state or the new one. Only
 * its owner may read it, and the clusters' restart hooks, which a gateway never calls, are left out: their URLs may hold
 * secrets.
 */
public final class SnapshotFile {

    private static final Logger log = LoggerFactory.getLogger(SnapshotFile.class);

    /** Grows with every change that older gateways can't read. */
    private static final int FORMAT = 1;

    private static final Set<StandardOpenOption> NEW_FILE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final Path file;
    private final JsonMapper json;

    /**
     * The content of the file.
     *
     * @param writtenAt by the gateway's clock
     */
    public record Snapshot(int format, Instant writtenAt, ClusterState state) {

        public Snapshot {
            Objects.requireNonNull(writtenAt, "writtenAt");
            Objects.requireNonNull(state, "state");
        }
    }

    public SnapshotFile(Path file, JsonMapper json) {
        this.file = file.toAbsolutePath();
        this.json = json;
    }

    /** Empty when there is no file or it can't be used; a file that can't be used is set aside, under a name that says so. */
    public Optional<Snapshot> read() {
        try {
            @Nullable Snapshot snapshot = json.readValue(Files.readAllBytes(file), Snapshot.class);
            if (snapshot == null) {
                setAside("holds nothing");
                return Optional.empty();
            }
            if (snapshot.format() != FORMAT) {
                setAside("has format " + snapshot.format() + ", and this gateway reads " + FORMAT);
                return Optional.empty();
            }
            return Optional.of(snapshot);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JacksonException e) {
            setAside("can't be read: " + e.getOriginalMessage());
            return Optional.empty();
        } catch (IOException e) {
            log.error("the snapshot {} can't be read; starting without one", file, e);
            return Optional.empty();
        }
    }

    private void setAside(String reason) {
        Path aside = file.resolveSibling(file.getFileName() + ".unusable");
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            log.error("the snapshot {} {}; it is now {}, and the gateway starts without one", file, reason, aside);
        } catch (IOException e) {
            log.error("the snapshot {} {}; starting without one, and it can't be moved away", file, reason, e);
        }
    }

    private static ClusterState withoutRestartHooks(ClusterState state) {
        Map<ClusterId, Members> clusters = new HashMap<>(state.clusters());
        clusters.replaceAll((id, members) -> new Members(
                withoutRestartHook(members.cluster()), members.nodes(), members.health(), members.primary()));
        return new ClusterState(state.revision(), state.regions(), clusters);
    }

    private static Cluster withoutRestartHook(Cluster cluster) {
        return new Cluster(cluster.id(), cluster.settings().withRestart(Optional.empty()), cluster.version());
    }

    private FileAttribute<?>[] ownerOnly() {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE))
                }
                : new FileAttribute<?>[0];
    }

    /** Replaces the file. When this fails, the old file is as it was. */
    public void write(ClusterState state, Instant now) throws IOException {
        Path folder = file.getParent();
        Files.createDirectories(folder);
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        byte[] content = json.writeValueAsBytes(new Snapshot(FORMAT, now, withoutRestartHooks(state)));
        Files.deleteIfExists(temporary);
        try (FileChannel channel = FileChannel.open(temporary, NEW_FILE, ownerOnly())) {
            ByteBuffer left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
