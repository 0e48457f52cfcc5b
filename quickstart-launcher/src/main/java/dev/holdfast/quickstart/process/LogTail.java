package dev.holdfast.quickstart.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The last lines of a log, for the message about the process that wrote it. */
public final class LogTail {

    private static final int LINES = 12;

    private static final int BYTES = 64 * 1024;

    private static final int LINE_LENGTH = 400;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private LogTail() {}

    /** The last lines, indented, and where the log is; never fails, since it explains another failure. */
    public static String of(Path log) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - BYTES));
            byte[] end = new byte[(int) (file.length() - file.getFilePointer())];
            file.readFully(end);
            List<String> lines = new String(end, StandardCharsets.UTF_8).lines().toList();
            String shown = lines.subList(Math.max(0, lines.size() - LINES), lines.size()).stream()
                    .map(LogTail::readable)
                    .map(line -> "    " + (line.length() > LINE_LENGTH ? line.substring(0, LINE_LENGTH) + " …" : line))
                    .collect(Collectors.joining("\n"));
            return "The end of its log, " + log + ":\n" + shown;
        } catch (IOException e) {
            return "Its log, " + log + ", can't be read: " + e.getMessage();
        }
    }

    /** Of a structured line what people want of it; other lines as they are. */
    private static String readable(String line) {
        if (!line.startsWith("{")) {
            return line;
        }
        try {
            JsonNode event = JSON.readTree(line);
            String error = event.path("error").path("message").asString("");
            return event.path("log").path("level").asString("") + " "
                    + event.path("message").asString(line) + (error.isEmpty() ? "" : ": " + error);
        } catch (JacksonException e) {
            return line; // Cut off in the middle.
        }
    }
}
