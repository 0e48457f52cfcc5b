package dev.holdfast.agent.order;

import dev.holdfast.api.agent.AgentOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Makes the record of an agent that was killed between making an order durable and doing anything about it. */
public final class KilledMidway {

    private KilledMidway() {}

    /** @param stateDirectory of an agent that doesn't run */
    public static void accept(Path stateDirectory, AgentOrder order) throws IOException {
        RecordFile file = new RecordFile(stateDirectory, order.cluster(), order.node());
        Verdict verdict = OrderRules.judge(file.load(), Optional.empty(), order);
        if (!(verdict instanceof Verdict.Accepted(var next))) {
            throw new IllegalArgumentException("the agent wouldn't accept it: " + verdict);
        }
        file.save(next);
    }
}
