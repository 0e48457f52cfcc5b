package dev.holdfast.health.evidence;

import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.api.problem.ProblemException;
import dev.holdfast.model.store.StateView;
import dev.holdfast.model.topology.Cluster;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.Node;
import dev.holdfast.model.topology.NodeId;

/** Finds what a request names, or ends it with a problem. */
final class Nodes {

    private Nodes() {}

    static Node node(StateView view, NodeId id) {
        return view.node(id)
                .orElseThrow(() -> new ProblemException(ProblemCode.NODE_NOT_FOUND, "There is no node " + id + "."));
    }

    static HealthCheck check(StateView view, Node node) {
        return view.cluster(node.cluster())
                .map(Cluster::settings)
                .orElseThrow(() -> new IllegalStateException("node " + node.id() + " has no cluster"))
                .check();
    }
}
