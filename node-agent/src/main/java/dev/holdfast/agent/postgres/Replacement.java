package dev.holdfast.agent.postgres;

import dev.holdfast.agent.disk.DurableFile;
import dev.holdfast.agent.disk.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Puts a new copy of the data in the place of the old, which is kept beside it under a name with the time. A crash between
 * the two steps leaves the old one under its new name: {@link #recover} puts it back.
 */
final class Replacement {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Path data;

    Replacement(Path data) {
        this.data = data;
    }

    /** Where a new copy is made. */
    Path draft() {
        return beside(".new");
    }

    void discardDraft() throws PostgresException {
        try {
            FileTree.delete(draft());
        } catch (IOException e) {
            throw new PostgresException("the unfinished copy " + draft() + " can't be deleted: " + e.getMessage(), e);
        }
    }

    /** Puts the draft in place and returns where the old data are now; empty when there were none. */
    Optional<Path> putDraftInPlace(Instant now) throws PostgresException {
        try {
            Optional<Path> kept = Optional.empty();
            if (FileTree.isAbsentOrEmpty(data)) {
                Files.deleteIfExists(data);
            } else {
                Path name = beside(keptInfix() + TIME.format(now));
                DurableFile.rename(data, name);
                kept = Optional.of(name);
            }
            DurableFile.rename(draft(), data);
            return kept;
        } catch (IOException e) {
            throw new PostgresException(
                    "the new copy can't take the place of " + data + ", which may not be a mount point: " + e, e);
        }
    }

    void recover() throws PostgresException {
        try {
            if (FileTree.isAbsentOrEmpty(data)) {
                Optional<Path> last = kept().reversed().stream().findFirst();
                if (last.isPresent()) {
                    Files.deleteIfExists(data);
                    DurableFile.rename(last.get(), data);
                }
            }
        } catch (IOException e) {
            throw new PostgresException("the data can't be put back in place: " + e.getMessage(), e);
        }
    }

    /** The old data that are kept, oldest first. */
    List<Path> kept() throws PostgresException {
        try (Stream<Path> siblings = Files.list(folder())) {
            return siblings.filter(path -> keptSince(path).isPresent())
                    .sorted(Comparator.comparing(path -> keptSince(path).orElse(Instant.EPOCH)))
                    .toList();
        } catch (IOException e) {
            throw new PostgresException("the folder of " + data + " can't be read: " + e.getMessage(), e);
        }
    }

    void deleteKeptLongerThan(Duration limit, Instant now) throws PostgresException {
        for (Path path : kept()) {
            if (keptSince(path).orElse(now).plus(limit).isBefore(now)) {
                try {
                    FileTree.delete(path);
                } catch (IOException e) {
                    throw new PostgresException("the old data " + path + " can't be deleted: " + e.getMessage(), e);
                }
            }
        }
    }

    private Optional<Instant> keptSince(Path path) {
        String name = String.valueOf(path.getFileName());
        String prefix = data.getFileName() + keptInfix();
        if (!name.startsWith(prefix)) {
            return Optional.empty();
        }
        try {
            return Optional.of(TIME.parse(name.substring(prefix.length()), Instant::from));
        } catch (DateTimeParseException e) {
            return Optional.empty(); // Somebody else's.
        }
    }

    private static String keptInfix() {
        return ".replaced-";
    }

    private Path beside(String suffix) {
        return folder().resolve(data.getFileName() + suffix);
    }

    private Path folder() {
        Path folder = data.getParent();
        if (folder == null) {
            throw new IllegalStateException("the data directory is the root of the file system");
        }
        return folder;
    }
}
