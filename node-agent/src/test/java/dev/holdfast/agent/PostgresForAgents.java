package dev.holdfast.agent;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/** The embedded PostgreSQL's programs: {@code initdb}, {@code postgres} and {@code pg_ctl}, nothing else. */
final class PostgresForAgents {

    private static @Nullable Path unpacked;

    private PostgresForAgents() {}

    static synchronized Path programs() throws IOException {
        if (unpacked == null) {
            Path folder = Files.createTempDirectory("node-agent-programs");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            try (InputStream packed = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary("Linux", "x86_64");
                    TarArchiveInputStream archive = new TarArchiveInputStream(new XZCompressorInputStream(packed))) {
                unpack(archive, folder);
            }
            unpacked = folder;
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        }
        return unpacked.resolve("bin");
    }

    private static void delete(Path folder) {
        try {
            dev.holdfast.agent.disk.FileTree.delete(folder);
        } catch (IOException e) {
            folder.toFile().deleteOnExit();
        }
    }

    private static void unpack(TarArchiveInputStream archive, Path target) throws IOException {
        @Nullable TarArchiveEntry entry;
        while ((entry = archive.getNextEntry()) != null) {
            Path path = target.resolve(entry.getName()).normalize();
            if (entry.isDirectory()) {
                Files.createDirectories(path);
            } else if (entry.isSymbolicLink()) {
                Files.createDirectories(path.getParent());
                Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            } else {
                Files.createDirectories(path.getParent());
                Files.copy(archive, path);
                if ((entry.getMode() & 0100) != 0) {
                    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
        }
    }
}
