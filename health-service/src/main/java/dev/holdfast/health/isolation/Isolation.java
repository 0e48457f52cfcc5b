package dev.holdfast.health.isolation;

import dev.holdfast.model.topology.NodeId;
import java.util.List;

/** Whether an observer trusts what it sees. */
public sealed interface Isolation {

    /** It sees most of the world: failures are the nodes' own. */
    record Connected(int failing, int held) implements Isolation {}

    /**
     * It can't tell yet: the nodes not checked since the failures began may tip it either way.
     *
     * @param lookAt these nodes, to be checked at once
     */
    record InDoubt(List<NodeId> lookAt) implements Isolation {

        public InDoubt {
            lookAt = List.copyOf(lookAt);
        }
    }

    /** Most of what it held UP began to fail at about the same time: its own network is the likelier cause. */
    record CutOff(int failing, int held) implements Isolation {}
}
