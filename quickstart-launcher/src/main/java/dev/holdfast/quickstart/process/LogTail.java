package dev.holdfast.quickstart.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The last lines of a log, for the message about the process that wrote it. */
public final class LogTail {

    private static final int LINES = 20;

    private static final int BYTES = 16 * 1024;

    private static final int LINE_LENGTH = 500;

    private LogTail() {}

    /** The last lines, indented, and where the log is; never fails, since it explains another failure. */
    public static String of(Path log) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - BYTES));
            byte[] end = new byte[(int) (file.length() - file.getFilePointer())];
            file.readFully(end);
            List<String> lines = new String(end, StandardCharsets.UTF_8).lines().toList();
            String shown = lines.subList(Math.max(0, lines.size() - LINES), lines.size()).stream()
                    .map(line -> "    " + (line.length() > LINE_LENGTH ? line.substring(0, LINE_LENGTH) + " …" : line))
                    .collect(Collectors.joining("\n"));
            return "The end of its log, " + log + ":\n" + shown;
        } catch (IOException e) {
            return "Its log, " + log + ", can't be read: " + e.getMessage();
        }
    }
}
