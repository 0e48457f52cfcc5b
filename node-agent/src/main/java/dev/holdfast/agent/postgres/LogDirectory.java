package dev.holdfast.agent.postgres;

import dev.holdfast.model.replication.Lsn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the files in {@code pg_wal} tell, whether the server runs or not. */
final class LogDirectory {

    private static final Pattern SEGMENT = Pattern.compile("[0-9A-F]{24}");

    private static final int TIMELINE_DIGITS = 8;

    /** Sizes of the headers of a page, and of the first page of a segment; the same in all versions. */
    private static final int PAGE_HEADER = 24;

    private static final int FIRST_PAGE_HEADER = 40;

    /** Where the header of a segment tells the size of pages. */
    private static final int PAGE_SIZE_AT = 36;

    private static final int ALIGNMENT = 8;

    private static final long SEGMENTS_BASE = 0x1_0000_0000L;

    private final Path folder;

    LogDirectory(Path data) {
        this.folder = data.resolve("pg_wal");
    }

    /**
     * The timeline on which the log that ends there was written: the newest whose segment holds its last byte. A standby
     * has a segment of a timeline only once it has received that timeline. Empty when no segment holds it.
     */
    Optional<Long> timelineAt(Lsn end, long segmentSize) throws PostgresException {
        if (end.value() == 0) {
            return Optional.empty();
        }
        String name = segment(0, end.value() - 1, segmentSize).substring(TIMELINE_DIGITS);
        return segments().stream()
                .filter(each -> each.endsWith(name))
                .map(each -> Long.parseLong(each.substring(0, TIMELINE_DIGITS), 16))
                .max(Long::compare);
    }

    /** Where a timeline left the one before, zero for the first; empty when its history isn't here. */
    Optional<Lsn> forkedAt(long timeline) throws PostgresException {
        if (timeline == TimelineHistory.FIRST) {
            return Optional.of(Lsn.ZERO);
        }
        Path file = folder.resolve(TimelineHistory.fileName(timeline));
        try {
            return Files.exists(file)
                    ? TimelineHistory.parse(timeline, Files.readString(file)).forkedAt()
                    : Optional.empty();
        } catch (IOException e) {
            throw new PostgresException(file + " can't be read: " + e.getMessage(), e);
        }
    }

    /**
     * Where the record that begins there ends: of a server that was shut down, up to where the log goes, for its shutdown
     * checkpoint is the last record. That is the position which its standbys report when they have all of it. Empty when
     * the segment isn't there.
     */
    Optional<Lsn> endOfRecord(long timeline, Lsn start) throws PostgresException {
        Optional<String> any = segments().stream().findFirst();
        if (any.isEmpty()) {
            return Optional.empty();
        }
        try {
            long segmentSize = Files.size(folder.resolve(any.get()));
            Path file = folder.resolve(segment(timeline, start.value(), segmentSize));
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                long length =
                        Integer.toUnsignedLong(number(channel, Long.remainderUnsigned(start.value(), segmentSize)));
                long pageSize = Integer.toUnsignedLong(number(channel, PAGE_SIZE_AT));
                return Optional.of(end(start.value(), length, pageSize, segmentSize));
            }
        } catch (IOException e) {
            throw new PostgresException("the log in " + folder + " can't be read: " + e.getMessage(), e);
        }
    }

    /** Records begin aligned, and go on behind the header of the next page. */
    static Lsn end(long start, long length, long pageSize, long segmentSize) {
        long left = (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        long at = start;
        long room = pageSize - Long.remainderUnsigned(at, pageSize);
        while (left > room) {
            left -= room;
            at += room;
            int header = Long.remainderUnsigned(at, segmentSize) == 0 ? FIRST_PAGE_HEADER : PAGE_HEADER;
            at += header;
            room = pageSize - header;
        }
        return new Lsn(at + left);
    }

    private static String segment(long timeline, long at, long segmentSize) {
        long number = Long.divideUnsigned(at, segmentSize);
        long perBase = SEGMENTS_BASE / segmentSize;
        return String.format(Locale.ROOT, "%08X%08X%08X", timeline, number / perBase, number % perBase);
    }

    private static int number(FileChannel channel, long at) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw new IOException("a segment is cut short");
            }
        }
        return bytes.getInt(0);
    }

    private List<String> segments() throws PostgresException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> SEGMENT.matcher(name).matches())
                    .toList();
        } catch (IOException e) {
            throw new PostgresException(folder + " can't be read: " + e.getMessage(), e);
        }
    }
}
