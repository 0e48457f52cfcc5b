package dev.holdfast.agent.order;

import dev.holdfast.agent.postgres.PostgresException;
import dev.holdfast.api.agent.AgentOrder;
import dev.holdfast.api.agent.OrderAnswer;

/** Does what orders ask. */
public interface OrderWork {

    /** Returns when it is done. May be asked again for what was done in part; an interrupt calls it off. */
    OrderAnswer carryOut(AgentOrder order, AgentRecord record) throws PostgresException, InterruptedException;

    /** Stops the server of a node that is fenced. */
    void fence() throws PostgresException, InterruptedException;
}
