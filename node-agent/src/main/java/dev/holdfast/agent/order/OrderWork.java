package dev.holdfast.agent.order;

import dev.holdfast.agent.postgres.PostgresException;
import dev.holdfast.api.agent.AgentOrder;
import dev.holdfast.api.agent.PostgresRole;
import java.nio.file.Path;
import java.util.Optional;

/** Does what orders ask. */
public interface OrderWork {

    /** Whether what the order asks for holds already: a quick look that changes nothing. */
    boolean holds(AgentOrder order, AgentRecord record) throws PostgresException, InterruptedException;

    /** Returns when it is done. May be asked again for what was done in part; an interrupt calls it off. */
    Result carryOut(AgentOrder order, AgentRecord record) throws PostgresException, InterruptedException;

    /** Stops the server of a node that is fenced. */
    void fence() throws PostgresException, InterruptedException;

    /**
     * What was done.
     *
     * @param kept where replaced data are; empty when none were replaced
     * @param runsAs as what the server runs now; empty when it doesn't
     */
    record Result(String detail, Optional<Path> kept, Optional<PostgresRole> runsAs) {}
}
