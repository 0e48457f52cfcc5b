package dev.holdfast.agent.order;

import dev.holdfast.api.problem.ProblemCode;

/** What is to be done with an order. */
sealed interface Verdict {

    /** Nothing, and its number isn't remembered; the sender learns why. */
    record Refused(ProblemCode code, String reason) implements Verdict {}

    /** Nothing, for the node's state doesn't allow it. Its number counts all the same: what came before it is over. */
    record Declined(AgentRecord next, String reason) implements Verdict {}

    /** Nothing more: it is being carried out already, under this number or an earlier one. */
    record Joined(AgentRecord next) implements Verdict {}

    /** It is carried out once this record is durable; whatever is being done before it is called off. */
    record Accepted(AgentRecord next) implements Verdict {}
}
