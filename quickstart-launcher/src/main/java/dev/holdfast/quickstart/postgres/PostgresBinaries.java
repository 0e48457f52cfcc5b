package dev.holdfast.quickstart.postgres;

import dev.holdfast.quickstart.data.FileTree;
import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/** The PostgreSQL programs that the quickstart brings along, unpacked once. */
public final class PostgresBinaries {

    private static final String EXECUTABLE = "rwxr-xr-x";

    private final Path folder;

    private PostgresBinaries(Path folder) {
        this.folder = folder;
    }

    /** Unpacks the programs for this machine into the folder, unless they are there already. */
    public static PostgresBinaries unpack(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Path draft = folder.resolveSibling(folder.getFileName() + ".new");
            FileTree.delete(draft); // What an interrupted start left.
            try (InputStream packed = open();
                    TarArchiveInputStream archive = new TarArchiveInputStream(new XZCompressorInputStream(packed))) {
                unpack(archive, draft);
            }
            Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
        }
        return new PostgresBinaries(folder);
    }

    /** Where the programs are. */
    public Path folder() {
        return folder.resolve("bin");
    }

    /** The path of {@code initdb}, {@code postgres} or {@code pg_ctl}. */
    String program(String name) {
        return folder().resolve(name).toString();
    }

    private static InputStream open() throws IOException {
        String system = System.getProperty("os.name").startsWith("Mac") ? "Darwin" : System.getProperty("os.name");
        String machine = System.getProperty("os.arch");
        @Nullable InputStream packed;
        try {
            packed = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine);
        } catch (IllegalStateException e) {
            packed = null; // How the resolver says that it has found nothing.
        }
        if (packed == null) {
            throw new IOException("the quickstart brings no PostgreSQL for " + system + " on " + machine
                    + "; it runs on Linux and macOS on x86-64");
        }
        return packed;
    }

    private static void unpack(TarArchiveInputStream archive, Path target) throws IOException {
        @Nullable TarArchiveEntry entry;
        while ((entry = archive.getNextEntry()) != null) {
            Path path = target.resolve(entry.getName()).normalize();
            if (!path.startsWith(target)) {
                throw new IOException("the packed PostgreSQL names a file outside its folder: " + entry.getName());
            }
            if (entry.isDirectory()) {
                Files.createDirectories(path);
                continue;
            }
            Files.createDirectories(path.getParent());
            if (entry.isSymbolicLink()) {
                Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            } else if (entry.isLink()) {
                Files.createLink(path, target.resolve(entry.getLinkName()));
            } else {
                Files.copy(archive, path);
                if ((entry.getMode() & 0100) != 0) {
                    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(EXECUTABLE));
                }
            }
        }
    }
}
