package dev.holdfast.region.declaration;

import dev.holdfast.api.ClusterDeclaration;
import dev.holdfast.api.NodeDeclaration;
import dev.holdfast.api.problem.ProblemCode;
import dev.holdfast.model.replication.FailoverPolicy;
import dev.holdfast.model.replication.FailoverPolicy.Durability;
import dev.holdfast.model.replication.PostgresSettings;
import dev.holdfast.model.store.ClusterState;
import dev.holdfast.model.topology.ClusterId;
import dev.holdfast.model.topology.Endpoint;
import dev.holdfast.model.topology.HealthCheck;
import dev.holdfast.model.topology.NodeId;
import dev.holdfast.model.topology.Redundancy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a declared PostgreSQL cluster must satisfy, and what only such a cluster and its nodes may say. */
public final class PostgresRules {

    private PostgresRules() {}

    /** Checks a cluster's declaration. */
    static void check(ClusterId id, ClusterDeclaration declared, Surroundings surroundings, Violations violations) {
        Optional<PostgresSettings> postgresql = declared.postgresql();
        checkRedundancy(declared.redundancy(), postgresql.isPresent(), violations);
        checkAgents(declared.nodes(), postgresql.isPresent(), violations);
        if (postgresql.isEmpty()) {
            return;
        }
        refuseIf(
                !declared.routes().isEmpty(),
                "routes",
                "a PostgreSQL cluster has none: clients reach it through postgresql.listeners; leave them out",
                violations);
        refuseIf(
                declared.synchronisation().isPresent(),
                "synchronisation",
                "a PostgreSQL cluster has none: replication brings its nodes up to date; leave it out",
                violations);
        refuseIf(
                declared.restart().isPresent(),
                "restart",
                "a PostgreSQL cluster has none: the agents restart its nodes; leave it out",
                violations);
        checkHealthCheck(declared.check(), violations);
        checkPolicy(postgresql.get().failover(), declared.nodes().size(), violations);
        checkListeners(id, postgresql.get().listeners(), surroundings, violations);
    }

    /** Checks a node that is declared by itself, as one of {@code cluster}, which may have its present form. */
    public static void check(NodeId id, NodeDeclaration node, ClusterState.Members cluster, Violations violations) {
        checkAgent("", node, cluster.cluster().settings().postgresql().isPresent(), violations);
        node.agent()
                .flatMap(agent -> cluster.nodes().stream()
                        .filter(peer -> !peer.id().equals(id)
                                && peer.failover()
                                        .agent()
                                        .map(NodeRules::comparable)
                                        .filter(NodeRules.comparable(agent)::equals)
                                        .isPresent())
                        .findFirst())
                .ifPresent(peer -> violations.add("agent", "is the agent of the node " + peer.id()));
    }

    private static void checkRedundancy(Redundancy redundancy, boolean postgresql, Violations violations) {
        refuseIf(
                postgresql && redundancy != Redundancy.ACTIVE_PASSIVE,
                "redundancy",
                "is " + redundancy + ", and a cluster with postgresql is ACTIVE_PASSIVE; leave it out",
                violations);
        refuseIf(
                !postgresql && redundancy == Redundancy.ACTIVE_PASSIVE,
                "redundancy",
                "is ACTIVE_PASSIVE, which only a cluster with postgresql can be; add \"postgresql\": {} or leave it out",
                violations);
    }

    private static void checkAgents(List<NodeDeclaration> nodes, boolean postgresql, Violations violations) {
        Map<Endpoint, String> agents = new HashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            NodeDeclaration node = nodes.get(i);
            if (node == null) {
                continue;
            }
            String prefix = "nodes[" + i + "].";
            checkAgent(prefix, node, postgresql, violations);
            node.agent().ifPresent(agent -> {
                String first = agents.putIfAbsent(NodeRules.comparable(agent), prefix + "agent");
                refuseIf(first != null, prefix + "agent", "is the same address as " + first, violations);
            });
        }
    }

    private static void checkAgent(String prefix, NodeDeclaration node, boolean postgresql, Violations violations) {
        String field = prefix + "agent";
        refuseIf(
                postgresql && node.agent().isEmpty(),
                field,
                "is required of a PostgreSQL node: the host:port where its agent answers",
                violations);
        refuseIf(
                !postgresql && node.agent().isPresent(),
                field,
                "belongs to the nodes of a PostgreSQL cluster, and this cluster has no \"postgresql\"; leave it out",
                violations);
        refuseIf(
                node.address() != null
                        && node.agent()
                                .map(NodeRules::comparable)
                                .filter(NodeRules.comparable(node.address())::equals)
                                .isPresent(),
                field,
                "is the node's own address, where PostgreSQL listens; the agent has a port of its own",
                violations);
    }

    private static void checkHealthCheck(HealthCheck check, Violations violations) {
        refuseIf(
                check.type().isHttp() && check.port().isEmpty(),
                "check.type",
                "is " + check.type() + ", which PostgreSQL doesn't speak; write POSTGRESQL, or give check.port of"
                        + " something beside it that does",
                violations);
    }

    private static void checkPolicy(FailoverPolicy policy, int nodes, Violations violations) {
        refuseIf(
                policy.durability() == Durability.ASYNC,
                "postgresql.failover.durability",
                "ASYNC is not supported by this version; write QUORUM or leave it out",
                violations);
        int standbys = policy.synchronousStandbys();
        refuseIf(
                policy.durability() == Durability.QUORUM && standbys > nodes - 1,
                "postgresql.failover.synchronousStandbys",
                "needs " + (standbys + 1) + " nodes, the primary and " + standbys
                        + " to acknowledge its writes, and the cluster has " + nodes + "; add nodes or lower it",
                violations);
    }

    private static void checkListeners(
            ClusterId id, PostgresSettings.Listeners listeners, Surroundings surroundings, Violations violations) {
        refuseIf(
                listeners.readWrite().isPresent() && listeners.readWrite().equals(listeners.readOnly()),
                "postgresql.listeners.readOnly",
                "is the port of readWrite; each needs its own",
                violations);
        checkPort(id, "postgresql.listeners.readWrite", listeners.readWrite(), surroundings, violations);
        checkPort(id, "postgresql.listeners.readOnly", listeners.readOnly(), surroundings, violations);
    }

    private static void checkPort(
            ClusterId id, String field, Optional<Integer> port, Surroundings surroundings, Violations violations) {
        port.map(surroundings.listeners()::get)
                .filter(owner -> !owner.equals(id))
                .ifPresent(owner -> violations.conflict(
                        ProblemCode.LISTENER_TAKEN,
                        field,
                        "the port " + port.get() + " leads to the cluster " + owner + "; choose another"));
    }

    private static void refuseIf(boolean broken, String field, String message, Violations violations) {
        if (broken) {
            violations.add(field, message);
        }
    }
}
