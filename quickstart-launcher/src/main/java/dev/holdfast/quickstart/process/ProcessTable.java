package dev.holdfast.quickstart.process;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.quickstart.data.DataDirectory;
import dev.holdfast.quickstart.data.OwnerOnlyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which processes run, on disk: {@code processes.json} for people and tests, and beside it the time each was started, by
 * which a later launcher knows its own from a stranger that got the same process id.
 */
final class ProcessTable {

    private static final JsonMapper JSON = JsonMapper.builder()
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.ALWAYS))
            .build();

    private final Path processes;
    private final Path startTimes;

    ProcessTable(DataDirectory data) {
        this.processes = data.file("processes.json");
        this.startTimes = data.file("process-start-times.json");
    }

    /** Replaces both files; each is whole at any moment. */
    void write(List<Running> running) throws IOException {
        OwnerOnlyFile.write(
                startTimes,
                JSON.writeValueAsString(running.stream()
                        .map(each -> new Started(each.name(), each.pid(), each.startedAtMillis()))
                        .toList()));
        OwnerOnlyFile.write(
                processes,
                JSON.writerWithDefaultPrettyPrinter()
                                .writeValueAsString(running.stream()
                                        .map(each -> new Listed(each.name(), each.pid(), each.port()))
                                        .toList())
                        + System.lineSeparator());
    }

    /** What an earlier launcher wrote last; empty after an orderly end. */
    List<Started> readEarlier() throws IOException {
        return Files.exists(startTimes)
                ? List.of(JSON.readValue(Files.readString(startTimes), Started[].class))
                : List.of();
    }

    /** A process that runs. */
    record Running(String name, long pid, int port, long startedAtMillis) {}

    /** As it stands in {@code processes.json}. */
    record Listed(String name, long pid, int port) {}

    /**
     * A process and when the system says that it was started.
     *
     * @param startedAtMillis since the epoch; 0 when the system doesn't say
     */
    record Started(String name, long pid, long startedAtMillis) {}
}
