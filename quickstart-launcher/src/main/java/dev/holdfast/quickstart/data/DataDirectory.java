package dev.holdfast.quickstart.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** The folder of one quickstart, created readable by its owner only, and locked for as long as this object is open. */
public final class DataDirectory implements AutoCloseable {

    private final Path root;
    private final FileChannel channel;

    private DataDirectory(Path root, FileChannel channel) {
        this.root = root;
        this.channel = channel;
    }

    /**
     * Creates the folder where it is missing, and locks it.
     *
     * @throws InUseException when another quickstart runs on it
     */
    public static DataDirectory open(Path wanted) throws IOException {
        Path root = wanted.toAbsolutePath().normalize();
        createOwnerOnly(root);
        createOwnerOnly(root.resolve("logs"));
        Path lockFile = root.resolve("lock");
        FileChannel channel = FileChannel.open(
                lockFile, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (!lock(channel)) {
            channel.close();
            throw new InUseException(root, Files.readString(lockFile).strip());
        }
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        return new DataDirectory(root, channel);
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // Held by this very process.
        }
    }

    public Path root() {
        return root;
    }

    public Path file(String name) {
        return root.resolve(name);
    }

    public Path log(String process) {
        return root.resolve("logs").resolve(process + ".log");
    }

    /** Creates a folder that only the owner may enter, if it isn't there. */
    public Path folder(String name) throws IOException {
        Path folder = root.resolve(name);
        createOwnerOnly(folder);
        return folder;
    }

    /** A folder that is there already keeps the rights that its owner has given it. */
    private static void createOwnerOnly(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Another quickstart runs on the same folder. */
    public static final class InUseException extends IOException {

        private static final long serialVersionUID = 1L;

        InUseException(Path root, String holder) {
            super("another quickstart" + (holder.isEmpty() ? "" : " (process " + holder + ")") + " runs on " + root
                    + ". Stop it, or run a second one beside it: ./quickstart --data-dir OTHER --port-offset 1000");
        }
    }
}
