package dev.holdfast.agent.order;

import dev.holdfast.agent.disk.DurableFile;
import dev.holdfast.api.json.HoldfastJson;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The agent's record on disk. */
public final class RecordFile implements RecordStore {

    private static final JsonMapper JSON = HoldfastJson.jsonMapper();

    private final Path file;
    private final AgentRecord empty;

    public RecordFile(Path folder, ClusterId cluster, NodeId node) throws IOException {
        Files.createDirectories(folder);
        this.file = folder.resolve("agent-record.json");
        this.empty = AgentRecord.empty(cluster, node);
    }

    /** A record that can't be read, or is another node's, is never taken for none: the epochs it has seen would be lost. */
    @Override
    public AgentRecord load() throws IOException {
        if (!Files.exists(file)) {
            return empty;
        }
        try {
            AgentRecord found = JSON.readValue(Files.readString(file), AgentRecord.class);
            if (!found.cluster().equals(empty.cluster()) || !found.node().equals(empty.node())) {
                throw new IOException(
                        file + " is the record of node " + found.node() + " of cluster " + found.cluster());
            }
            return found;
        } catch (JacksonException e) {
            throw new IOException(file + " can't be understood: " + e.getMessage(), e);
        }
    }

    @Override
    public void save(AgentRecord record) throws IOException {
        DurableFile.write(file, JSON.writeValueAsString(record));
    }
}
