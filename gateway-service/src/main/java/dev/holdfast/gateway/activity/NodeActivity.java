package dev.holdfast.gateway.activity;

import dev.holdfast.api.GatewayNodeView;
import dev.holdfast.model.journal.Revision;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.NodeId;
import java.time.Instant;
import java.util.Optional;

/** What this gateway does with nodes and has seen of them. Never blocks; may be asked from any thread. */
public interface NodeActivity {

    /** The revision of the routing table in force; {@link Revision#NONE} while there is none. */
    Revision tableRevision();

    /**
     * What the gateway does with the node; also answers for nodes it doesn't know. Once the table it names takes a node
     * out of traffic, its {@code outstanding} only falls.
     */
    GatewayNodeView of(NodeId node);

    /** Whether so few of the cluster's nodes are fit that requests are spread over all of them. */
    boolean inPanic(ClusterId cluster);

    /** The last failure this gateway saw of the node since it started. */
    Optional<SeenFailure> lastFailure(NodeId node);

    /**
     * A try that failed.
     *
     * @param kind in a word, such as {@code refused}, {@code reset}, {@code timeout} or {@code status-503}
     */
    record SeenFailure(Instant at, String kind) {}
}
