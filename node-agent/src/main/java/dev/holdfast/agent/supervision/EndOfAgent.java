package dev.holdfast.agent.supervision;

import dev.holdfast.agent.postgres.PostgresEngine;
import dev.holdfast.agent.postgres.PostgresException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of the server when the agent is asked to end. An agent that is killed can't ask: its server goes on. */
public final class EndOfAgent implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EndOfAgent.class);

    private final PostgresEngine engine;
    private final boolean stopsServer;

    /** @param stopsServer or else it goes on without an agent */
    public EndOfAgent(PostgresEngine engine, boolean stopsServer) {
        this.engine = engine;
        this.stopsServer = stopsServer;
    }

    @Override
    public void close() {
        if (!stopsServer || !engine.isRunning()) {
            return;
        }
        try {
            log.info("stopping PostgreSQL with the agent, as holdfast.agent.stop-with-agent says");
            engine.shutDown();
        } catch (PostgresException e) {
            log.error("PostgreSQL could not be stopped with the agent, and goes on", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
