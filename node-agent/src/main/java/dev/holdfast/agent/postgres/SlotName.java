package dev.holdfast.agent.postgres;

import dev.holdfast.api.access.TokenDirectory;
import dev.holdfast.model.topology.NodeId;

/** Names of the replication slots that agents make: each standby's own, on its upstream. */
final class SlotName {

    /** Tells the agents' slots from the user's. */
    static final String PREFIX = "holdfast_";

    private static final int MAX_LENGTH = 63;

    private static final int DIGEST_LENGTH = 8;

    private SlotName() {}

    /** Hyphens can't stand in a slot's name, and underscores don't in a node's, so no two nodes get the same. */
    static String of(NodeId node) {
        String name = PREFIX + node.value().replace('-', '_');
        if (name.length() <= MAX_LENGTH) {
            return name;
        }
        String digest = TokenDirectory.sha256(node.value()).substring(0, DIGEST_LENGTH);
        return name.substring(0, MAX_LENGTH - DIGEST_LENGTH - 1) + "_" + digest;
    }
}
