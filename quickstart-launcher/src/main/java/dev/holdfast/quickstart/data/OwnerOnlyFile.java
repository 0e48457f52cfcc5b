package dev.holdfast.quickstart.data;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Writes files whole or not at all, readable by their owner only from the first byte. */
public final class OwnerOnlyFile {

    private OwnerOnlyFile() {}

    /** Replaces the file's content atomically: a reader sees the old text or the new one. */
    public static void write(Path file, String content) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        try (FileChannel channel = FileChannel.open(
                draft,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            Channels.newOutputStream(channel).write(content.getBytes(StandardCharsets.UTF_8));
            channel.force(true); // Or a power cut could leave the new name with no content.
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
