package dev.holdfast.agent.order;

import java.io.IOException;

/** Keeps the agent's record. */
public interface RecordStore {

    AgentRecord load() throws IOException;

    /** Returns when no crash can undo it; after a failure the old record or the new one is there. */
    void save(AgentRecord record) throws IOException;
}
