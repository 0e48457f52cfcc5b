package dev.holdfast.agent.order;

import dev.holdfast.api.agent.OrderAnswer;
import dev.holdfast.api.problem.ProblemCode;

/** What is to be done with an order. */
sealed interface Verdict {

    /** Nothing; the sender learns why. */
    record Refused(ProblemCode code, String reason) implements Verdict {}

    /** Nothing more: it was handled before. */
    record Repeated(OrderAnswer answer) implements Verdict {}

    /** It is being carried out already. */
    record Joined() implements Verdict {}

    /** It is carried out once this record is durable; whatever is being done before it is called off. */
    record Accepted(AgentRecord next) implements Verdict {}
}
